import { type Secret, toError, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type Client } from 'pg';

import { OUTBOX_CHANNEL } from './notifier.ts';
import { connectSession, makeSessionClient } from './session-client.ts';
import { mappingErrors } from './to-platform-error.ts';

export interface DatabaseOutboxRow<Envelope> {
  /** Decimal of a bigint; order of sending. */
  readonly position: string;
  readonly envelope: Envelope;
}

export interface DatabaseOutboxLeadership<Envelope> {
  /** Settles when the connection, and with it the lock, is gone. Never rejects. */
  readonly lost: Promise<void>;
  readUnsent(limit: number, underWay?: readonly string[]): Promise<readonly DatabaseOutboxRow<Envelope>[]>;
  markSent(positions: readonly string[]): Promise<void>;
  waitForWork(fallbackMs: number, signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

export interface DatabaseOutboxStore<Envelope> {
  /** Waits, for ever if need be, until this process holds the lock. Rejects when aborted or without a connection. */
  lead(signal: AbortSignal): Promise<DatabaseOutboxLeadership<Envelope>>;
}

export interface OutboxStoreOptions<Envelope> {
  /** A direct connection, not through a pooler: the lock belongs to the session. */
  readonly url: Secret;
  readonly applicationName: string;
  /** Rows are parsed when they leave, e.g. by contracts' `Envelope.parse`. */
  readonly parseEnvelope: (stored: unknown) => Envelope;
  readonly wallClock: WallClock;
  readonly logger: Logger;
}

/** One relay at a time per database: two would break the order of messages of one aggregate. */
const LOCK = [0x71756974, 1] as const;

/** Reading, marking and the lock share one connection: who lost the lock cannot mark any more. */
export const makeOutboxStore = <Envelope>(options: OutboxStoreOptions<Envelope>): DatabaseOutboxStore<Envelope> => ({
  lead: (signal) =>
    mappingErrors(async () => {
      signal.throwIfAborted();
      const client = makeSessionClient(options.url, options.applicationName);
      const session = watch(client, options.logger);
      const establish = async (): Promise<void> => {
        await connectSession(client);
        // All it writes is that a message was sent. Losing that with the power sends it again, and consumers know it.
        await client.query('SET synchronous_commit = off');
        await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
        await client.query('SELECT pg_advisory_lock($1, $2)', [...LOCK]);
      };
      const aborted = rejectOnAbort(signal);
      try {
        await Promise.race([establish(), aborted.promise]);
      } catch (error) {
        // Destroys the socket also while the lock query waits; the server gives the query up within a second.
        await session.close();
        throw error;
      } finally {
        aborted.forget();
      }
      return makeLeadership(session, options);
    }),
});

const rejectOnAbort = (signal: AbortSignal): { readonly promise: Promise<never>; readonly forget: () => void } => {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(toError(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  return { promise, forget: () => signal.removeEventListener('abort', onAbort) };
};

interface Session {
  readonly client: Client;
  readonly lost: Promise<void>;
  /** Resolves at once when something was announced since the last read, else at the next one, or when the session ends. */
  readonly announced: () => Promise<void>;
  readonly forgetAnnouncements: () => void;
  readonly close: () => Promise<void>;
}

const watch = (client: Client, logger: Logger): Session => {
  const { promise: lost, resolve: tellLost } = Promise.withResolvers<void>();
  let announcement = Promise.withResolvers<void>();
  let closed = false;
  const lose = (): void => {
    tellLost();
    announcement.resolve();
  };
  client.on('error', (error) => {
    if (!closed) logger.warn({ err: error }, 'the outbox connection broke; leadership is lost');
    lose();
  });
  client.on('end', () => lose());
  client.on('notification', () => announcement.resolve());
  return {
    client,
    lost,
    announced: () => announcement.promise,
    forgetAnnouncements: () => (announcement = Promise.withResolvers<void>()),
    close: async () => {
      closed = true;
      lose();
      await client
        .end()
        .catch((error: unknown) => logger.debug({ err: error }, 'closing the outbox connection failed'));
    },
  };
};

const READ_UNSENT = `
  SELECT position, envelope FROM platform.outbox WHERE sent_at IS NULL AND position <> ALL ($2::bigint[])
  ORDER BY position LIMIT $1`;

const makeLeadership = <Envelope>(
  session: Session,
  options: OutboxStoreOptions<Envelope>,
): DatabaseOutboxLeadership<Envelope> => {
  const inTurn = makeTurns();
  return {
    lost: session.lost,
    readUnsent: (limit, underWay = []) =>
      inTurn(async () => {
        // Forgotten before reading: what is announced from here on may not be in the answer.
        session.forgetAnnouncements();
        const found = await session.client.query<{ position: string; envelope: unknown }>({
          name: 'outbox_read',
          text: READ_UNSENT,
          values: [limit, underWay],
        });
        return found.rows.map((row) => ({ position: row.position, envelope: options.parseEnvelope(row.envelope) }));
      }),
    markSent: (positions) =>
      inTurn(async () => {
        await session.client.query({
          name: 'outbox_mark_sent',
          text: 'UPDATE platform.outbox SET sent_at = $2 WHERE position = ANY($1::bigint[])',
          values: [positions, new Date(options.wallClock.nowMs())],
        });
      }),
    waitForWork: async (fallbackMs, signal) => {
      if (signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      const timer = setTimeout(wake, fallbackMs);
      signal.addEventListener('abort', wake, { once: true });
      // Not with `lost`: a race leaves its reactions on that promise for as long as it lives.
      await Promise.race([promise, session.announced()]);
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
    },
    release: () => session.close(),
  };
};

/** One statement after the other: what is read and what is marked share the connection, and `pg` queues nothing for it. */
const makeTurns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(() => mappingErrors(work));
    last = mine.catch(() => undefined);
    return mine;
  };
};

import {
  assert,
  type Clock,
  type Commit,
  type NewId,
  type UnitOfWork,
  type WallClock,
  type Write,
} from '@quittance/kernel';
import { durableStep, type Operation, requireOperation } from '@quittance/runtime';
import { type QueryResultRow } from 'pg';

import {
  auditMessage,
  buildEnvelope,
  type EnvelopeFacts,
  type OutboxEnvelope,
  type OutgoingMessageLike,
} from './build-envelope.ts';
import { isInboxWrite } from './inbox-store.ts';
import { insertOutbox } from './insert-outbox.ts';
import { makeNotifier, OUTBOX_CHANNEL } from './notifier.ts';
import { type Database, type PrismaClientLike } from './open-database.ts';
import { statementsOf, statementWrite } from './statement.ts';
import { mappingErrors } from './to-platform-error.ts';

export interface UnitOfWorkOptions<Message> {
  readonly database: Database<PrismaClientLike>;
  readonly service: string;
  readonly toOutgoing: (message: Message) => OutgoingMessageLike;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /**
   * Called after each commit that put something into the outbox, for the relay in this process; with null where it is
   * not known what lies where. True when that relay is the one that carries the outbox; then no other process need be
   * notified.
   */
  readonly onCommitted: (stored: readonly StoredMessage[] | null) => boolean;
}

/** A message and its place in the outbox. */
export interface StoredMessage {
  /** Decimal of a bigint; order of sending. */
  readonly position: string;
  readonly envelope: OutboxEnvelope;
}

export interface DatabaseUnitOfWork<Message> extends UnitOfWork<Message> {
  /** Puts current snapshots into the outbox, marked replayed. Changes nothing else and leaves no audit record. */
  republish(messages: readonly Message[]): Promise<void>;
}

/** READ COMMITTED, which every connection of `openDatabase` begins with: naming it here would cost a round trip. */
const TRANSACTION = { maxWait: 5000, timeout: 5000 } as const;

/**
 * The one way anything is written: enlisted writes of the operation (inbox row), the change's writes in order, and its
 * messages and audit records in the outbox, in one transaction of at most 5 s. Throws what a write threw, or
 * `platform.version_conflict` for a lost race, or `platform.unavailable`; then nothing was changed, except that after
 * a connection broken *during* COMMIT nobody can know: retries are safe because ids and inbox rows are derived.
 */
export const makeUnitOfWork = <Message>(options: UnitOfWorkOptions<Message>): DatabaseUnitOfWork<Message> => {
  const { database, wallClock, onCommitted } = options;
  const notifier = makeNotifier(database.pool, OUTBOX_CHANNEL);
  /** Deliveries that have committed: their inbox row is spent, a second commit would not be protected by it. */
  const spent = new WeakSet<Operation>();

  const runTransaction = async (writes: readonly Write[], envelopes: readonly OutboxEnvelope[]): Promise<Stored> => {
    const outgoing =
      envelopes.length === 0 ? [] : [statementWrite(insertOutbox(envelopes, new Date(wallClock.nowMs())))];
    const all = [...writes, ...outgoing];
    const statements = statementsOf(all);
    if (statements === null) {
      await runInTurn(database, all);
      return envelopes.length === 0 ? [] : null;
    }
    const returned = await database.transact(statements);
    return envelopes.length === 0 ? [] : storedOf(envelopes, returned.at(-1) ?? []);
  };

  const announce = (stored: Stored): void => {
    if (stored?.length === 0) return;
    if (!onCommitted(stored)) notifier.notify();
  };

  const commitAll = async (changes: readonly Commit<Message>[]): Promise<void> => {
    const operation = requireOperation();
    assert(!spent.has(operation), `delivery ${operation.id} commits twice: put everything into one commit`);
    const envelopes = changes.flatMap((change) => envelopesOf(change, operation, options));
    const writes = changes.flatMap((change) => change.writes);
    const enlisted = operation.enlisted.splice(0);
    let stored: Stored;
    try {
      const all = [...enlisted, ...writes];
      stored = await durableStep(
        'unit_of_work.commit',
        () => runTransaction(all, envelopes),
        () => toldBy(changes, envelopes, operation),
      );
    } catch (error) {
      operation.enlisted.unshift(...enlisted);
      throw error;
    }
    if (enlisted.some(isInboxWrite)) spent.add(operation);
    announce(stored);
  };

  return {
    commit: (change) => commitAll([change]),
    commitAll,
    republish: async (messages) => {
      const facts = factsOf({ operation: requireOperation(), correlationId: null, replayed: true }, options);
      const envelopes = messages.map((message) => buildEnvelope(options.toOutgoing(message), facts));
      const stored = await durableStep(
        'unit_of_work.commit',
        () => runTransaction([], envelopes),
        () => ['republished'],
      );
      announce(stored);
    },
  };
};

/** Null: something, and nobody knows where. */
type Stored = readonly StoredMessage[] | null;

const storedOf = (envelopes: readonly OutboxEnvelope[], rows: readonly QueryResultRow[]): readonly StoredMessage[] => {
  // Of two with one id the first was stored.
  const byId = new Map(envelopes.toReversed().map((envelope) => [envelope.id, envelope]));
  return rows.flatMap((row) => {
    const envelope = byId.get(String(row['message_id']));
    return envelope === undefined ? [] : [{ position: String(row['position']), envelope }];
  });
};

/** What a commit is called: by the actions it records, else by what it sends, else by what it is done for. */
const toldBy = (
  changes: readonly Pick<Commit<unknown>, 'audit'>[],
  envelopes: readonly OutboxEnvelope[],
  { about = 'nothing said' }: Operation,
): readonly string[] => {
  const actions = changes.flatMap(({ audit }) => audit.map(({ action }) => action));
  if (actions.length > 0) return actions;
  return envelopes.length > 0 ? envelopes.map(({ type }) => type) : [about];
};

/** Code among the writes must see what those before it did: one statement at a time, on Prisma's own transaction. */
const runInTurn = (database: Database<PrismaClientLike>, writes: readonly Write[]): Promise<void> =>
  mappingErrors(() =>
    database.client.$transaction(async (transaction) => {
      for (const change of writes) await change.run(transaction);
    }, TRANSACTION),
  );

const envelopesOf = <Message>(
  change: Commit<Message>,
  operation: Operation,
  options: UnitOfWorkOptions<Message>,
): readonly OutboxEnvelope[] => {
  const cause = change.cause === undefined ? operation : { ...operation, ...change.cause };
  const facts = factsOf({ operation: cause, correlationId: change.correlationId ?? null, replayed: false }, options);
  return [
    ...change.messages.map((message) => buildEnvelope(options.toOutgoing(message), facts)),
    ...change.audit.map((entry) => buildEnvelope(auditMessage(entry, facts), facts)),
  ];
};

const factsOf = <Message>(
  about: { readonly operation: Operation; readonly correlationId: string | null; readonly replayed: boolean },
  options: UnitOfWorkOptions<Message>,
): EnvelopeFacts => ({
  service: options.service,
  operation: about.operation,
  correlationId: about.correlationId ?? about.operation.correlationId ?? about.operation.id,
  occurredAt: options.clock.now(),
  replayed: about.replayed,
  newId: options.newId,
});

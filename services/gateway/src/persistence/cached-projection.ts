import { listen, type Listening } from '@quittance/database';
import { type Secret, toError, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type EntitlementProjection, type Projected } from '../application/index.ts';
import { type Beat, isStale } from '../domain/beat.ts';

const ROWS_MAX = 50_000;
const ROWS_CHANNEL = 'entitlements';
const BEAT_CHANNEL = 'subscription_beat';

export interface CachedProjection extends EntitlementProjection {
  start(): void;
  stop(): Promise<void>;
  /** True while changes are heard of and rows may be answered from memory. */
  live(): boolean;
}

export interface CachedProjectionDeps {
  readonly stored: EntitlementProjection & { readBeat(): Promise<Beat | null> };
  readonly url: Secret;
  readonly wallClock: WallClock;
  readonly staleAfterMs: number;
  readonly logger: Logger;
  readonly listen?: typeof listen;
}

/**
 * The projection from memory, as long as the database announces every change to this process. Without LISTEN nothing is
 * remembered. A connection that died without saying so is found out by the beats that do not come: the remembered beat
 * grows old, and then the database is asked again.
 */
export const makeCachedProjection = (deps: CachedProjectionDeps): CachedProjection => {
  const rows = makeRowMemory();
  const beat = makeBeatMemory(deps);
  let listening: Listening | null = null;
  const live = (): boolean => listening?.connected() === true;

  return {
    live,
    start: () => {
      listening ??= (deps.listen ?? listen)({
        url: deps.url,
        applicationName: 'quittance-gateway',
        channels: [ROWS_CHANNEL, BEAT_CHANNEL],
        onNotification: (channel, payload) => {
          if (channel === ROWS_CHANNEL) rows.forget(payload);
          else void beat.reload();
        },
        onConnected: () => {
          rows.forgetAll();
          beat.forget();
          void beat.reload();
        },
        logger: deps.logger,
      });
    },
    stop: async () => {
      const stopped = listening;
      listening = null;
      await stopped?.stop();
    },
    read: async (accountId, productKey) => {
      const key = `${accountId} ${productKey}`;
      const remembers = live() && !isStale(beat.current(), deps.wallClock.nowMs(), deps.staleAfterMs);
      const known = remembers ? rows.get(key) : undefined;
      if (known !== undefined) return { row: known, beat: beat.current() };
      const mark = rows.mark();
      const projected = await deps.stored.read(accountId, productKey);
      if (projected.row !== null && live()) rows.remember(key, projected.row, mark);
      return projected;
    },
  };
};

type Row = NonNullable<Projected['row']>;

const makeRowMemory = () => {
  const rows = new Map<string, Row>();
  let announced = 0;
  return {
    get: (key: string): Row | undefined => rows.get(key),
    /** Taken before a row is read: one that is announced while it is read would otherwise be remembered for ever. */
    mark: (): number => announced,
    remember: (key: string, row: Row, mark: number): void => {
      if (mark !== announced) return;
      rows.set(key, row);
      if (rows.size > ROWS_MAX) rows.delete(rows.keys().next().value ?? key);
    },
    forget: (key: string): void => {
      announced += 1;
      rows.delete(key);
    },
    forgetAll: (): void => {
      announced += 1;
      rows.clear();
    },
  };
};

const makeBeatMemory = ({ stored, logger }: CachedProjectionDeps) => {
  let beat: Beat | null = null;
  let reloads = 0;
  return {
    current: (): Beat | null => beat,
    forget: (): void => {
      beat = null;
    },
    reload: async (): Promise<void> => {
      reloads += 1;
      const mine = reloads;
      try {
        const read = await stored.readBeat();
        // A slower, older reading must not replace a newer one.
        if (mine === reloads) beat = read;
      } catch (error) {
        logger.warn({ err: toError(error) }, 'subscription’s beat could not be read');
      }
    },
  };
};

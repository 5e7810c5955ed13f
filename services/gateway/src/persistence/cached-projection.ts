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
  const rows = new Map<string, NonNullable<Projected['row']>>();
  let beat: Beat | null = null;
  /** Counts what was announced: a row read before and remembered after an announcement would be an old one for ever. */
  let announced = 0;
  let listening: Listening | null = null;

  const live = (): boolean => listening?.connected() === true;

  const reloadBeat = async (): Promise<void> => {
    try {
      const read = await deps.stored.readBeat();
      if (read !== null && (beat === null || read.beatAt > beat.beatAt)) beat = read;
    } catch (error) {
      deps.logger.warn({ err: toError(error) }, 'subscription’s beat could not be read');
    }
  };

  const forget = (key: string | null): void => {
    announced += 1;
    if (key === null) rows.clear();
    else rows.delete(key);
  };

  const remember = (key: string, row: NonNullable<Projected['row']>): void => {
    rows.set(key, row);
    if (rows.size > ROWS_MAX) rows.delete(rows.keys().next().value ?? key);
  };

  const start = (): void => {
    listening ??= (deps.listen ?? listen)({
      url: deps.url,
      applicationName: 'quittance-gateway',
      channels: [ROWS_CHANNEL, BEAT_CHANNEL],
      onNotification: (channel, payload) => {
        if (channel === ROWS_CHANNEL) forget(payload);
        else void reloadBeat();
      },
      onConnected: () => {
        forget(null);
        beat = null;
        void reloadBeat();
      },
      logger: deps.logger,
    });
  };

  return {
    start,
    live,
    stop: async () => {
      const stopped = listening;
      listening = null;
      await stopped?.stop();
    },
    read: async (accountId, productKey) => {
      const key = `${accountId} ${productKey}`;
      const remembers = live() && !isStale(beat, deps.wallClock.nowMs(), deps.staleAfterMs);
      const known = remembers ? rows.get(key) : undefined;
      if (known !== undefined) return { row: known, beat };
      const announcedBefore = announced;
      const projected = await deps.stored.read(accountId, productKey);
      if (projected.row !== null && live() && announced === announcedBefore) remember(key, projected.row);
      return projected;
    },
  };
};

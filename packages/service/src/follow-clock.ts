import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { type Transport } from '@quittance/bus';
import { type Clock, platformFail, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { z } from 'zod';

import { type RunningService } from './kit.ts';

const Told = z.object({ revision: z.int(), offsetMs: z.int(), moving: z.boolean() });

/** Who runs in this process, and the bus they share. */
export interface Followers {
  readonly services: readonly Pick<
    RunningService,
    'name' | 'idle' | 'unfinished' | 'nextDueAt' | 'activity' | 'wake'
  >[];
  readonly transport: Pick<Transport, 'backlog'>;
}

export interface FollowedClock {
  /** Business time as the sandbox keeps it. */
  readonly clock: Clock;
  /** Resolves when the time is known: nothing may begin before. */
  connect(): Promise<void>;
  /** From now on tells the sandbox how its followers are, and follows what it says. */
  follow(followers: Followers): void;
  stop(): Promise<void>;
}

const CONNECT_WITHIN_MS = 60_000;
const RETRY_MS = 500;
/** While the clock is being moved; otherwise the sandbox holds each answer until there is something to say. */
const REPORT_EVERY_MS = 25;

/**
 * A clock that the sandbox moves for every process at once. Only business time follows it: whatever is measured in wall
 * time (leases, retries, tokens) goes on as the machine's clock does. Never made in production mode.
 */
export const makeFollowedClock = (options: {
  readonly url: string;
  readonly base: Clock;
  readonly logger: Logger;
}): FollowedClock => {
  const { url, base, logger } = options;
  const instance = randomUUID();
  const stopping = new AbortController();
  let told: z.infer<typeof Told> = { revision: -1, offsetMs: 0, moving: false };
  let following: Promise<void> = Promise.resolve();

  const exchange = async (followers: Followers): Promise<void> => {
    const report = { instance, revision: told.revision, ...(await stateOf(followers)) };
    const answer = await post(`${url}/_sandbox/clock/instances`, report, stopping.signal);
    const moved = answer.revision !== told.revision;
    told = answer;
    if (moved) for (const service of followers.services) service.wake();
    if (answer.moving) await pause(REPORT_EVERY_MS, undefined, { signal: stopping.signal });
  };
  const followOn = async (followers: Followers): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await exchange(followers);
      } catch (error) {
        if (stopping.signal.aborted) return;
        logger.warn({ err: toError(error) }, 'the sandbox’s clock does not answer, time goes on as it was');
        await pause(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  return {
    clock: { now: () => new Date(base.now().getTime() + told.offsetMs) },
    connect: async () => {
      const endMs = performance.now() + CONNECT_WITHIN_MS;
      for (;;) {
        try {
          const response = await fetch(`${url}/_sandbox/clock`, { signal: AbortSignal.timeout(5000) });
          told = { ...told, ...Told.pick({ offsetMs: true }).parse(await response.json()) };
          return;
        } catch (error) {
          if (performance.now() > endMs) {
            throw platformFail('platform.unavailable', `The sandbox’s clock does not answer at ${url}.`, {
              cause: toError(error),
            });
          }
          await pause(RETRY_MS);
        }
      }
    },
    follow: (followers) => {
      following = followOn(followers);
    },
    stop: async () => {
      stopping.abort();
      await following;
      await fetch(`${url}/_sandbox/clock/instances/${instance}`, {
        method: 'DELETE',
        signal: AbortSignal.timeout(1000),
      }).catch(() => undefined);
    },
  };
};

const post = async (url: string, body: object, signal: AbortSignal): Promise<z.infer<typeof Told>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
  return Told.parse(await response.json());
};

/** What costs a query is asked only of those who look quiet. */
const stateOf = async ({ services, transport }: Followers) => {
  const names = services.map(({ name }) => name);
  const activity = services.reduce((sum, service) => sum + service.activity(), 0);
  const busy = services.filter((service) => !service.idle()).map(({ name }) => name);
  const known = { services: names, activity };
  if (busy.length > 0) return { ...known, quiet: false, waitsFor: `${busy.join(', ')} at work`, nextDueAt: null };
  const [dues, unfinished, backlog] = await Promise.all([
    Promise.all(services.map((service) => service.nextDueAt())),
    Promise.all(services.map((service) => service.unfinished())),
    transport.backlog(),
  ]);
  const waiting = unfinished.reduce((sum, count) => sum + count, 0);
  const onTheWay = backlog.ready + backlog.delayed + backlog.inFlight;
  const quiet = waiting === 0 && onTheWay === 0;
  const next = dues.reduce((first, one) => (first === null || (one !== null && one < first) ? one : first), null);
  return {
    ...known,
    quiet,
    waitsFor: quiet ? null : `${waiting} unfinished, ${onTheWay} messages on their way`,
    nextDueAt: next?.toISOString() ?? null,
  };
};

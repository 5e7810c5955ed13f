import { setTimeout as pause } from 'node:timers/promises';

import { type StoringService } from '@quittance/local';

import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.ts';
import { type DatabaseHarm, HURT_SERVICES, makeDatabaseHarm } from './database-harm.ts';
import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell } from './fault.ts';
import { makeRandom, type SeededRandom } from './seeded-random.ts';
import { underLoad } from './under-load.ts';

const PURCHASES_AT_ONCE = 5;
const LASTS_MS = { least: 500, most: 4_000 };
/** The attempts come 0.1, 0.4, 1.4 and 4.4 s after the first: however slow the machine, the last is beyond it. */
const FAILS_MS = { least: 500, most: 3_000 };
const BETWEEN_MS_MOST = 1_500;
/**
 * Longer than all retry tiers of these runs together, 4.4 s: hurt again sooner, a service would have every attempt at
 * one message fall into a harm, and the message would end, as it must, among the dead letters.
 */
const RESTS_MS = 6_000;

interface Means {
  readonly postgres: OwnPostgres;
  readonly harm: DatabaseHarm;
  readonly random: SeededRandom;
  /** When each service was whole again, ms as of `performance.now()`. */
  readonly wholeSince: Map<StoringService, number>;
}

interface Harm {
  readonly name: string;
  /** How often it is done in a whole run of one seed, and in a quick one. */
  readonly times: { readonly full: number; readonly quick: number };
  /** Answers how often it struck. */
  readonly strike: (means: Means) => Promise<number>;
}

const between = ({ random }: Means, { least, most }: typeof LASTS_MS): number => least + random.below(most - least);
const someone = ({ random }: Means) => random.pick(HURT_SERVICES);

/** Hurts one that has had time to try again what failed the last time. */
const hurtRested = async (
  { random, wholeSince }: Means,
  hurt: (service: StoringService) => Promise<number>,
): Promise<number> => {
  const restOf = (service: StoringService): number =>
    RESTS_MS - (performance.now() - (wholeSince.get(service) ?? -RESTS_MS));
  await pause(Math.max(0, Math.min(...HURT_SERVICES.map(restOf))));
  const service = random.pick(HURT_SERVICES.filter((candidate) => restOf(candidate) <= 0));
  try {
    return await hurt(service);
  } finally {
    wholeSince.set(service, performance.now());
  }
};

const HARMS: readonly Harm[] = [
  {
    name: 'PostgreSQL killed −9 and restarted',
    times: { full: 10, quick: 1 },
    strike: async ({ postgres, random }) => {
      await postgres.kill();
      await pause(random.below(LASTS_MS.most));
      await postgres.start();
      return 1;
    },
  },
  {
    name: 'backends terminated',
    times: { full: 60, quick: 3 },
    strike: (means) => means.harm.terminate(someone(means)),
  },
  {
    name: 'read-only',
    times: { full: 10, quick: 1 },
    strike: (means) => hurtRested(means, (service) => means.harm.readOnly(service, between(means, LASTS_MS))),
  },
  {
    name: 'no connection to be had',
    times: { full: 10, quick: 1 },
    strike: (means) => hurtRested(means, (service) => means.harm.noConnections(service, between(means, LASTS_MS))),
  },
  {
    name: 'pool exhausted behind a lock',
    times: { full: 10, quick: 1 },
    strike: (means) => hurtRested(means, (service) => means.harm.locked(service, between(means, LASTS_MS))),
  },
  {
    name: 'serialization failures',
    times: { full: 30, quick: 1 },
    strike: (means) => hurtRested(means, (service) => means.harm.failing(service, '40001', between(means, FAILS_MS))),
  },
  {
    name: 'deadlocks',
    times: { full: 10, quick: 1 },
    strike: (means) => hurtRested(means, (service) => means.harm.failing(service, '40P01', between(means, FAILS_MS))),
  },
  {
    name: 'disk full, as a trigger says it',
    times: { full: 10, quick: 1 },
    strike: (means) => hurtRested(means, (service) => means.harm.failing(service, '53100', between(means, FAILS_MS))),
  },
];

export const databaseFault: Fault = {
  id: 'F5',
  title: 'PostgreSQL killed, backends ended, read-only, pools exhausted, serialization failures',
  seeds: 10,
  planned: HARMS.reduce((sum, { times }) => sum + times.full, 0),
  run: async (options) => {
    // The outside world keeps its books elsewhere: our database dies, not theirs.
    const [ours, theirs] = await Promise.all([startOwnPostgres(), startOwnPostgres()]);
    try {
      const servers = { databaseUrl: ours.adminUrl, sandboxDatabaseUrl: theirs.adminUrl };
      return await onFaultGround(options, servers, (ground) => hurtDatabases(ground, ours, options));
    } finally {
      await Promise.all([ours.remove(), theirs.remove()]);
    }
  },
};

const hurtDatabases = async (ground: FaultGround, postgres: OwnPostgres, options: FaultOptions): Promise<Sums> => {
  const random = makeRandom(options.seed);
  const means: Means = { postgres, harm: makeDatabaseHarm(ground.facts), random, wholeSince: new Map() };
  let sums = NOTHING;
  for (const { name, times, strike } of HARMS) {
    const rounds = Math.min(options.firstMax, options.quick ? times.quick : times.full);
    const disturb = async (): Promise<number> => {
      let struck = 0;
      for (let round = 0; round < rounds; round += 1) {
        await pause(random.below(BETWEEN_MS_MOST));
        struck += await strike(means);
      }
      return struck;
    };
    const { injected, bought, violations, watch } = await underLoad(ground, { atOnce: PURCHASES_AT_ONCE }, disturb);
    const what = `${name}, ${bought} purchases, ≤ ${(watch.slowestMs() / 1000).toFixed(1)} s`;
    sums = add(sums, tell({ id: 'F5', what, seed: options.seed, injected }, violations, options.say));
  }
  return sums;
};

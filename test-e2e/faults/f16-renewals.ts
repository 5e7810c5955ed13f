import { setTimeout as pause } from 'node:timers/promises';

import { toError } from '@quittance/kernel';

import { type FaultGround, type GroundOptions, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { buy } from './purchase.ts';
import { fallDue, judgeRun, letThemRenew } from './renewing.ts';
import { makeRandom, type SeededRandom } from './seeded-random.ts';

const FULL = { rounds: 20, renewals: 1000, kills: 12 };
const QUICK = { rounds: 1, renewals: 60, kills: 4 };
/** In a quick run too: two have been seen to miss each other where nothing kept them apart. */
const ON_FOUR: GroundOptions = { replicas: 4 };
const VICTIMS = ['subscription', 'invoicing', 'payments-card'] as const;
const KILL_EVERY_MS = 700;

export const renewalsFault: Fault = {
  id: 'F16',
  title: 'renewals due at once on four replicas, killed all the while',
  seeds: 1,
  planned: FULL.rounds * FULL.renewals,
  run: (options) =>
    onFaultGround(options, ON_FOUR, async (ground) => {
      const size = options.quick ? QUICK : FULL;
      const random = makeRandom(options.seed);
      const { account: model } = await buy(ground);
      let sums = NOTHING;
      for (let round = 1; round <= Math.min(size.rounds, options.firstMax); round += 1) {
        sums = add(sums, await oneRound(ground, options, { ...size, round, random, model }));
      }
      return sums;
    }),
};

interface Round {
  readonly round: number;
  readonly renewals: number;
  readonly kills: number;
  readonly random: SeededRandom;
  readonly model: string;
}

const oneRound = async (ground: FaultGround, { seed, say }: FaultOptions, round: Round): Promise<Sums> => {
  const run = await fallDue(ground, { model: round.model, name: `f16s${seed}r${round.round}n`, count: round.renewals });
  let over = false;
  const killing = killOn(ground, round, () => over);
  const violations: Violation[] = await letThemRenew(ground, run)
    .then(() => judgeRun(ground, run))
    .then((found) => [...found])
    .catch((error: unknown) => [{ invariant: 'F16', harm: 'stuck', what: toError(error).message }]);
  over = true;
  const injected = await killing;
  await ground.keeper.settled();
  return tell(
    { id: 'F16', what: `round ${round.round}: ${round.renewals} renewals`, seed, injected, planned: round.kills },
    violations,
    say,
  );
};

/** SIGKILL to one replica of one service after the other, so long as the run lasts. */
const killOn = async ({ processes }: FaultGround, { kills, random }: Round, over: () => boolean): Promise<number> => {
  let done = 0;
  while (done < kills && !over()) {
    await pause(KILL_EVERY_MS / 2 + random.below(KILL_EVERY_MS));
    if (over()) break;
    const service = random.pick(VICTIMS);
    random.pick(processes.filter((each) => each.service === service)).kill();
    done += 1;
  }
  return done;
};

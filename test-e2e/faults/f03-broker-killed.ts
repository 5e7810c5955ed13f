import { setTimeout as pause } from 'node:timers/promises';

import { must } from '@quittance/kernel';
import { type OwnRabbit } from '@quittance/testkit';

import { onFaultGround } from './fault-ground.ts';
import { type Fault, type FaultOptions, tell } from './fault.ts';
import { TOLD_BY_MESSAGE } from './grounds.ts';
import { makeRandom } from './seeded-random.ts';
import { underLoad } from './under-load.ts';

const KILLS = { full: 10, quick: 2 };
const PURCHASES_AT_ONCE = 8;
/** Dead, or starting, for three quarters of two minutes; then L1's time begins. */
const PATIENCE_MS = 240_000;
/** Up for so long between two deaths, so that it dies in the middle of work and not of a reconnect alone. */
const UP_MS = { least: 1_000, most: 6_000 };
const DOWN_MS_MOST = 3_000;

export const brokerKilledFault: Fault = {
  id: 'F3',
  title: 'broker killed −9 and restarted under load (ten times a seed)',
  seeds: 5,
  planned: KILLS.full,
  run: (options) =>
    onFaultGround(options, TOLD_BY_MESSAGE, async (ground) => {
      const broker = must(ground.broker, 'a broker of its own');
      const load = { atOnce: PURCHASES_AT_ONCE, patienceMs: PATIENCE_MS };
      const { injected, bought, violations } = await underLoad(ground, load, () => killAgain(broker, options));
      const what = `broker killed and restarted, ${bought} purchases`;
      return tell({ id: 'F3', what, seed: options.seed, injected }, violations, options.say);
    }),
};

const killAgain = async (broker: OwnRabbit, { seed, quick, firstMax }: FaultOptions): Promise<number> => {
  const random = makeRandom(seed);
  const kills = Math.min(firstMax, quick ? KILLS.quick : KILLS.full);
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(UP_MS.least + random.below(UP_MS.most - UP_MS.least));
    await broker.stop();
    await pause(random.below(DOWN_MS_MOST));
    await broker.start();
  }
  return kills;
};

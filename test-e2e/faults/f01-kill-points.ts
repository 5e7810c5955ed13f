import { toError } from '@quittance/kernel';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { essentialKillPlaces, type KillPlace, killPlaces } from './kill-matrix.ts';
import { buy, judge } from './purchase.ts';
import { makeRandom } from './seeded-random.ts';

/** No passing is this far away: how a kill point is disarmed. */
const NEVER = 1_000_000_000;

/** A purchase may pass a point after it is over, or in no hurry; one of three passes it while it is watched. */
const ATTEMPTS_MAX = 3;

export const killPointsFault: Fault = {
  id: 'F1',
  title: 'SIGKILL before and after every durable step',
  run: (options) =>
    onFaultGround(options, {}, async (ground) => {
      const places = makeRandom(options.seed).shuffled(options.quick ? essentialKillPlaces() : killPlaces());
      let sums = NOTHING;
      for (const place of places.slice(0, options.firstMax)) sums = add(sums, await killAt(ground, place, options));
      return sums;
    }),
};

const killAt = async (ground: FaultGround, place: KillPlace, { seed, say }: FaultOptions): Promise<Sums> => {
  const before = ground.keeper.kills(place.service);
  const kills = (): number => ground.keeper.kills(place.service) - before;
  const violations: Violation[] = [];
  for (let attempt = 0; attempt < ATTEMPTS_MAX && kills() === 0 && violations.length === 0; attempt += 1) {
    violations.push(...(await purchaseUnderKill(ground, place).catch(stuck)));
  }
  if (kills() === 0) violations.push({ invariant: 'F1', harm: 'stuck', what: 'the point was never passed' });
  return tell({ id: 'F1', what: `${place.service} ${place.point}`, seed, injected: kills() }, violations, say);
};

const stuck = (error: unknown): readonly Violation[] => [
  { invariant: 'purchase', harm: 'stuck', what: toError(error).message },
];

/** Both replicas are armed; the first to pass dies and is started again, the other may finish its work meanwhile. */
const purchaseUnderKill = async (ground: FaultGround, place: KillPlace): Promise<readonly Violation[]> => {
  const armed = ground.processes.filter(({ service }) => service === place.service);
  const setPassing = (passing: number): void => {
    for (const each of armed) each.tell({ killPoint: place.point, passing });
  };
  let over = false;
  const disarmAtFirstDeath = async (): Promise<void> => {
    await Promise.race(armed.map((each) => each.ended()));
    if (!over) setPassing(NEVER);
  };
  setPassing(1);
  void disarmAtFirstDeath();
  try {
    return await judge(ground, await buy(ground));
  } finally {
    over = true;
    setPassing(NEVER);
    await ground.keeper.settled();
  }
};

import { toError } from '@quittance/kernel';
import { until } from '@quittance/local';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { BEATING, PLAIN } from './grounds.ts';
import { takeCensus } from './kill-census.ts';
import { BEGIN_FLOW } from './kill-flows.ts';
import {
  essentialPlaces,
  FLOWS,
  type KillPlace,
  knownPlaces,
  oneKindEach,
  placesSeen,
  told,
  unlisted,
  unseen,
} from './kill-matrix.ts';
import { atMostEach, oneVolleyEach, type Shot, type Volley, volleysOf } from './kill-volleys.ts';
import { makeRandom } from './seeded-random.ts';

/** No passing is this far away: how a kill point is disarmed. */
const NEVER = 1_000_000_000;

/** A flow may pass a point after it is over, or in the replica that was not at its turn. */
const ATTEMPTS_MAX = 5;

/** What a flow does after its outcome is known, such as its last acknowledgements, comes this soon. */
const AFTERMATH_MS = 3_000;

/** In one run of a flow: a process that is started again costs as much as a purchase. */
const QUICK_SHOTS_MAX = 1;

export const killPointsFault: Fault = {
  id: 'F1',
  title: 'SIGKILL before and after every durable step',
  seeds: 5,
  planned: knownPlaces().length,
  run: (options) =>
    onFaultGround(options, options.quick ? PLAIN : BEATING, async (ground) => {
      const random = makeRandom(options.seed);
      if (options.quick)
        return shootAll(ground, oneVolleyEach(wanted(essentialPlaces(), options), random, QUICK_SHOTS_MAX), options);
      const { seen, sums } = await census(ground, options);
      const places = wanted(placesSeen(seen), options);
      const volleys = volleysOf(options.everyKind ? places : oneKindEach(places, options.seed), random);
      return add(sums, await shootAll(ground, atMostEach(volleys, options.firstMax), options));
    }),
};

const wanted = (places: readonly KillPlace[], { only }: FaultOptions): readonly KillPlace[] =>
  places.filter((place) => only === null || told(place).includes(only));

/** What is killed at is what is passed: a step that is taken somewhere is found, not overlooked. */
const census = async (
  ground: FaultGround,
  options: FaultOptions,
): Promise<{ readonly seen: readonly KillPlace[]; readonly sums: Sums }> => {
  const { seen, violations } = await takeCensus(ground, flowsFor(options));
  const holes = options.only === null ? [...unlisted(seen).map(isUnlisted), ...unseen(seen).map(isUnseen)] : [];
  const places = placesSeen(seen);
  const what = `census: ${places.length} places in ${new Set(places.map(({ flow }) => flow)).size} flows`;
  const sums = tell({ id: 'F1', what, seed: options.seed, injected: 0 }, [...violations, ...holes], options.say);
  return { seen, sums };
};

/** `--only renewal:` needs no census of purchases; a part of a step's name needs all. */
const flowsFor = ({ only }: FaultOptions): (typeof FLOWS)[number][] => {
  const named = FLOWS.filter((flow) => only !== null && (only.startsWith(`${flow}:`) || only.startsWith(`${flow} at`)));
  return named.length === 0 ? [...FLOWS] : named;
};

const isUnlisted = (step: string): Violation => ({
  invariant: 'F1',
  harm: 'lost',
  what: `kill-matrix.ts does not say in which flow this step is taken: ${step}`,
});

const isUnseen = (place: string): Violation => ({
  invariant: 'F1',
  harm: 'lost',
  what: `kill-matrix.ts says that this is passed, and it was not: ${place}`,
});

const shootAll = async (ground: FaultGround, volleys: readonly Volley[], options: FaultOptions): Promise<Sums> => {
  let sums = NOTHING;
  for (const [index, volley] of volleys.entries()) {
    const progress = `${index + 1}/${volleys.length}`;
    sums = add(sums, await shoot(ground, { ...volley, progress }, options));
  }
  return sums;
};

/** Until every service has died at its place: whoever did not pass it is tried again, at its first passing. */
const shoot = async (
  ground: FaultGround,
  { shots, progress, ...volley }: Volley & { readonly progress: string },
  { seed, say }: FaultOptions,
): Promise<Sums> => {
  const violations: Violation[] = [];
  let left = shots;
  let runs = 0;
  do {
    runs += 1;
    const fired = await runUnderFire(ground, { ...volley, shots: left });
    violations.push(...fired.violations);
    left = fired.missed.map((shot) => ({ ...shot, passing: 1 }));
    // What was passed by chance is not waited for.
  } while (runs < ATTEMPTS_MAX && violations.length === 0 && left.some(({ certain }) => certain));
  const never = left.filter(({ certain }) => certain && violations.length === 0).map(isNeverPassed);
  const aim = volley.aim === null ? '' : ` at ${volley.aim}`;
  const what = `${progress} ${volley.flow}${aim}: ${shots.length} places, ${runs} run${runs === 1 ? '' : 's'}`;
  const sums = tell({ id: 'F1', what, seed, injected: shots.length - left.length }, [...violations, ...never], say);
  for (const shot of shots) say(`      ${describe(shot, left)}`);
  return sums;
};

const describe = (shot: Shot, left: readonly Shot[]): string => {
  const missed = left.some(({ service }) => service === shot.service);
  const passing = shot.passing === 1 ? '' : `, passing ${shot.passing}`;
  return `${shot.service} ${shot.place}${passing}${missed ? ' (not passed again)' : ''}`;
};

const isNeverPassed = (shot: Shot): Violation => ({
  invariant: 'F1',
  harm: 'stuck',
  what: `the point was never passed: ${told(shot)}`,
});

interface Fired {
  readonly missed: readonly Shot[];
  readonly violations: readonly Violation[];
}

const runUnderFire = async (ground: FaultGround, { flow, aim, shots }: Volley): Promise<Fired> => {
  let armed: readonly ArmedShot[] = [];
  let violations: readonly Violation[];
  try {
    const act = await BEGIN_FLOW[flow](ground, aim);
    armed = shots.map((shot) => arm(ground, shot));
    violations = await act();
    await until('the aftermath', () => Promise.resolve(armed), {
      enough: (all) => all.every((each) => each.isHit()),
      deadlineMs: AFTERMATH_MS,
      everyMs: 50,
    }).catch(() => undefined);
  } catch (error) {
    violations = [{ invariant: flow, harm: 'stuck', what: toError(error).message }];
  }
  for (const each of armed) each.disarm();
  await ground.keeper.settled();
  return { missed: armed.filter((each) => !each.isHit()).map(({ shot }) => shot), violations };
};

interface ArmedShot {
  readonly shot: Shot;
  isHit(): boolean;
  disarm(): void;
}

/** Both replicas are armed; the first to pass dies and is started again, the other may finish its work meanwhile. */
const arm = ({ processes, keeper }: FaultGround, shot: Shot): ArmedShot => {
  const replicas = processes.filter(({ service }) => service === shot.service);
  const before = keeper.kills(shot.service);
  const setPassing = (passing: number): void => {
    for (const each of replicas) each.tell({ killPoint: shot.place, passing });
  };
  let over = false;
  const disarm = (): void => {
    over = true;
    setPassing(NEVER);
  };
  setPassing(shot.passing);
  void Promise.race(replicas.map((each) => each.ended())).then(() => (over ? undefined : setPassing(NEVER)));
  return { shot, isHit: () => keeper.kills(shot.service) > before, disarm };
};

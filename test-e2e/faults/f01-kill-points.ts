import { toError } from '@quittance/kernel';
import { z } from 'zod';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, type Sums, tell, type Violation } from './fault.ts';
import { PLAIN } from './grounds.ts';
import { RUN_FLOW } from './kill-flows.ts';
import { essentialKillPlaces, type KillPlace, killPlaces, unlistedPassings } from './kill-matrix.ts';
import { makeRandom } from './seeded-random.ts';

/** No passing is this far away: how a kill point is disarmed. */
const NEVER = 1_000_000_000;

/** A purchase may pass a point after it is over, or in no hurry; one of three passes it while it is watched. */
const ATTEMPTS_MAX = 3;

export const killPointsFault: Fault = {
  id: 'F1',
  title: 'SIGKILL before and after every durable step',
  seeds: 5,
  planned: killPlaces().length,
  run: (options) =>
    onFaultGround(options, PLAIN, async (ground) => {
      let sums = await takeCensus(ground, options);
      const places = makeRandom(options.seed).shuffled(placesFor(options));
      for (const place of places.slice(0, options.firstMax)) sums = add(sums, await killAt(ground, place, options));
      return sums;
    }),
};

const placesFor = ({ quick, only }: FaultOptions): readonly KillPlace[] =>
  (quick ? essentialKillPlaces() : killPlaces()).filter(
    ({ service, point }) => only === null || `${service} ${point}`.includes(only),
  );

const Passings = z.object({ passings: z.record(z.string(), z.int()) });

/** The processes count what they pass: a step that is taken somewhere and killed nowhere is found, not overlooked. */
const takeCensus = async (ground: FaultGround, { seed, say }: FaultOptions): Promise<Sums> => {
  const counted = ground.processes.filter(({ service }) => service !== 'console');
  for (const each of counted) each.tell({ countPassings: true });
  const violations = [
    ...(await RUN_FLOW.purchase(ground, 'subscription')),
    ...(await RUN_FLOW.superseded(ground, 'payments-card')),
  ];
  const passed = await Promise.all(
    counted.map(async (each) => {
      const { passings } = Passings.parse(await each.ask({ countPassings: false }));
      return Object.keys(passings).map((point) => ({ service: each.service, point }));
    }),
  );
  const holes = unlistedPassings(passed.flat()).map((place): Violation => ({
    invariant: 'F1',
    harm: 'lost',
    what: `no kill point is set at ${place}`,
  }));
  const what = `census: ${new Set(passed.flat().map((each) => `${each.service} ${each.point}`)).size} points passed`;
  return tell({ id: 'F1', what, seed, injected: 0 }, [...violations, ...holes], say);
};

const killAt = async (ground: FaultGround, place: KillPlace, { seed, say }: FaultOptions): Promise<Sums> => {
  const before = ground.keeper.kills(place.service);
  const kills = (): number => ground.keeper.kills(place.service) - before;
  const violations: Violation[] = [];
  for (let attempt = 0; attempt < ATTEMPTS_MAX && kills() === 0 && violations.length === 0; attempt += 1) {
    violations.push(...(await flowUnderKill(ground, place).catch(stuck)));
  }
  if (kills() === 0) violations.push({ invariant: 'F1', harm: 'stuck', what: 'the point was never passed' });
  const what = `${place.flow}: ${place.service} ${place.point}`;
  return tell({ id: 'F1', what, seed, injected: kills() }, violations, say);
};

const stuck = (error: unknown): readonly Violation[] => [
  { invariant: 'purchase', harm: 'stuck', what: toError(error).message },
];

/** Both replicas are armed; the first to pass dies and is started again, the other may finish its work meanwhile. */
const flowUnderKill = async (ground: FaultGround, place: KillPlace): Promise<readonly Violation[]> => {
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
    return await RUN_FLOW[place.flow](ground, place.service);
  } finally {
    over = true;
    setPassing(NEVER);
    await ground.keeper.settled();
  }
};

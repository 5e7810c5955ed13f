import { until } from '@quittance/local';
import { type KillPoint } from '@quittance/runtime';
import { z } from 'zod';

import { type FaultGround } from './fault-ground.ts';
import { type Violation } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { BEGIN_FLOW } from './kill-flows.ts';
import { aimsOf, belongsTo, type Flow, FLOWS, type KillPlace, type Owner } from './kill-matrix.ts';

export interface Census {
  readonly seen: readonly KillPlace[];
  readonly violations: readonly Violation[];
}

/** What is seen once may have been chance. */
const RUNS = 2;

/** Every flow is done in peace, and the processes count what they pass. */
export const takeCensus = async (ground: FaultGround, flows: readonly Flow[] = FLOWS): Promise<Census> => {
  const seen: KillPlace[] = [];
  const violations: Violation[] = [];
  for (const flow of flows) {
    for (const aim of aimsOf(flow)) {
      const runs: ReadonlyMap<string, Count>[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        const counted = await countOnce(ground, flow, aim);
        runs.push(counted.counts);
        violations.push(...counted.violations);
      }
      seen.push(...placesOf(flow, aim, runs));
    }
  }
  return { seen, violations };
};

interface Count {
  readonly service: Owner;
  readonly place: KillPlace['place'];
  /** The most that one process has counted. */
  readonly passings: number;
}

const countOnce = async (ground: FaultGround, flow: Flow, aim: Owner | null) => {
  const act = await BEGIN_FLOW[flow](ground, aim);
  await quiet(ground);
  for (const { process } of ownersOf(ground)) process.tell({ countPassings: true });
  const violations = await act();
  await quiet(ground);
  const counts = new Map<string, Count>();
  for (const { process, service } of ownersOf(ground)) {
    const { passings } = Passings.parse(await process.ask({ countPassings: false }));
    for (const [place, count] of Object.entries(passings)) {
      const key = `${service} ${place}`;
      const most = Math.max(count, counts.get(key)?.passings ?? 0);
      if (isPlace(place) && belongsTo(flow, place)) counts.set(key, { service, place, passings: most });
    }
  }
  return { counts, violations };
};

const Passings = z.object({ passings: z.record(z.string(), z.int()) });

/** What a process tells has this form; whether the point is known is seen when it is armed. */
const isPlace = (text: string): text is KillPoint => /^[a-z_.]+:(before|after)/.test(text);

/** So that what one flow leaves behind is not counted with the next. */
const quiet = ({ truths }: FaultGround) =>
  until('quiet', () => checkInvariants(truths), {
    enough: ({ length }) => length === 0,
    deadlineMs: 120_000,
    everyMs: 100,
  });

export const ownersOf = ({ processes }: FaultGround) =>
  processes.flatMap((process) => (process.service === 'console' ? [] : [{ process, service: process.service }]));

const placesOf = (flow: Flow, aim: Owner | null, runs: readonly ReadonlyMap<string, Count>[]): readonly KillPlace[] => {
  const all = new Map(runs.flatMap((counts) => [...counts]));
  return (
    [...all]
      .map(([key, count]): KillPlace => {
        const counts = runs.map((run) => run.get(key)?.passings ?? 0);
        return { flow, aim, ...count, passings: Math.max(1, ...counts), certain: counts.every((each) => each > 0) };
      })
      // Of a flow that is aimed at somebody, only they are killed: the others do what they do in its base.
      .filter(({ service }) => aim === null || service === aim)
  );
};

import { type NewId, type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop, newTraceparent, runInOperation } from '@quittance/runtime';

import { type DenialLog, type RecordDenials } from '../application/index.ts';
import { type Denial } from '../domain/denial.ts';

const EVERY_MS = 5000;

export interface FlushDenialsDeps {
  readonly denials: DenialLog;
  readonly record: RecordDenials;
  readonly newId: NewId;
  readonly wallClock: WallClock;
  readonly logger: Logger;
}

/** Commits what the denial log holds: attempts with a valid token at once, the others when their minute is over. */
export const makeFlushDenials = (deps: FlushDenialsDeps): Loop => {
  const loop = makeLoop({
    name: 'gateway.flush-denials',
    intervalMs: EVERY_MS,
    wallClock: deps.wallClock,
    logger: deps.logger,
    run: async () => {
      await flush(deps, false);
      return 'idle';
    },
  });
  return {
    start: loop.start,
    wake: loop.wake,
    busy: () => loop.busy() || deps.denials.waiting(),
    stop: async () => {
      await loop.stop();
      // The minute that has begun is told as far as it went.
      await runInOperation(operationOf(deps, null), () => flush(deps, true));
    },
  };
};

const flush = async (deps: FlushDenialsDeps, everything: boolean): Promise<void> => {
  for (let denial = deps.denials.takeSingle(); denial !== null; denial = deps.denials.takeSingle()) {
    await recordSingle(deps, denial);
  }
  const counted = deps.denials.takeCounted(everything);
  if (counted.length === 0) return;
  try {
    await deps.record.counted(counted);
  } catch (error) {
    deps.denials.putBack({ counted });
    throw error;
  }
};

const recordSingle = async (deps: FlushDenialsDeps, denial: Denial): Promise<void> => {
  try {
    await runInOperation(operationOf(deps, denial), () => deps.record.single(denial));
  } catch (error) {
    deps.denials.putBack({ single: denial });
    throw error;
  }
};

/** The record names who was turned away, not the job that writes it down. */
const operationOf = (deps: FlushDenialsDeps, denial: Denial | null) => ({
  id: denial?.requestId ?? deps.newId('run'),
  actor: denial?.actor ?? ({ kind: 'system', id: 'gateway.flush-denials' } as const),
  correlationId: null,
  requestId: denial?.requestId ?? null,
  sourceIp: denial?.ip ?? null,
  traceparent: newTraceparent(),
  enlisted: [],
});

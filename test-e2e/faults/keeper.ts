import { type ServiceProcess } from '@quittance/local';

import { type Violation } from './fault.ts';

const RESTARTS_MAX = 3;
const RESTART_AFTER_MS = 500;

/** What an orchestrator does: starts again whatever ends, and counts what ended of its own accord. */
export interface Keeper {
  /** How often processes of this service were killed, by us or at a kill point. */
  kills(service: string): number;
  /** Resolves when every process answers that it is ready again. */
  settled(): Promise<void>;
  /** L2: no service restarts itself more than three times. */
  violations(): readonly Violation[];
  stop(): void;
}

export const keepAlive = (processes: readonly ServiceProcess[]): Keeper => {
  const kills = new Map<string, number>();
  const ownEnds = new Map<string, number>();
  const starting = new Map<ServiceProcess, Promise<void>>();
  let stopped = false;

  const keep = async (kept: ServiceProcess): Promise<void> => {
    for (;;) {
      const { signal } = await kept.ended();
      if (stopped) return;
      const [counts, name] = signal === null ? [ownEnds, `${kept.service}-${kept.replica}`] : [kills, kept.service];
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const started = startAgain(kept, signal === null, () => stopped);
      starting.set(kept, started);
      await started;
      starting.delete(kept);
    }
  };
  for (const kept of processes) void keep(kept);

  return {
    kills: (service) => kills.get(service) ?? 0,
    settled: async () => {
      while (starting.size > 0) await Promise.all(starting.values());
    },
    violations: () =>
      [...ownEnds]
        .filter(([, count]) => count > RESTARTS_MAX)
        .map(([name, count]) => ({ invariant: 'L2', harm: 'stuck', what: `${name} restarted itself ${count} times` })),
    stop: () => {
      stopped = true;
    },
  };
};

/** A start that fails has ended the process, which is seen again, or left one that is not ready yet, which may live. */
const startAgain = async (kept: ServiceProcess, ofItsOwnAccord: boolean, stopped: () => boolean): Promise<void> => {
  if (ofItsOwnAccord) await new Promise((resolve) => setTimeout(resolve, RESTART_AFTER_MS));
  if (!stopped()) await kept.start().catch(() => undefined);
};

import { type ServiceProcess } from '@quittance/local';

import { type Violation } from './fault.ts';

const RESTARTS_MAX = 3;
const RESTART_AFTER_MS = 500;

/** No passing is this far away: how a kill point is disarmed. */
const DISARMED_FROM = 1_000_000;

/** A process may die at a point just before it hears that the point is disarmed. */
const DISARMED_AFTER_MS = 5_000;

/** What an orchestrator does: starts again whatever ends, and counts what ended of its own accord. */
export interface Keeper {
  /** The same processes, of which it is known when they are killed: by nobody else may they be. */
  readonly processes: readonly ServiceProcess[];
  /** How often processes of this service were killed, by us or at a kill point. */
  kills(service: string): number;
  /** Resolves when every process answers that it is ready again. */
  settled(): Promise<void>;
  /** L2: no service restarts itself more than three times. */
  violations(): readonly Violation[];
  stop(): void;
}

export const keepAlive = (processes: readonly ServiceProcess[], restartAfterMs = RESTART_AFTER_MS): Keeper => {
  const kills = new Map<string, number>();
  const ownEnds = new Map<string, number>();
  const starting = new Map<ServiceProcess, Promise<void>>();
  let stopped = false;

  const keep = async (kept: AnnouncedProcess): Promise<void> => {
    for (;;) {
      const { signal } = await kept.process.ended();
      if (stopped) return;
      // Whatever else ends it, a crash of the runtime or a lack of memory, has ended it of its own accord.
      const killed = signal === 'SIGKILL' && kept.isAnnounced();
      const { service, replica } = kept.process;
      const [counts, name] = killed ? [kills, service] : [ownEnds, `${service}-${replica}`];
      counts.set(name, (counts.get(name) ?? 0) + 1);
      kept.forget();
      const started = startAgain(kept.process, killed ? 0 : restartAfterMs, () => stopped);
      starting.set(kept.process, started);
      await started;
      starting.delete(kept.process);
    }
  };
  const announced = processes.map(announcing);
  for (const kept of announced) void keep(kept);

  return {
    processes: announced.map(({ process }) => process),
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

interface AnnouncedProcess {
  readonly process: ServiceProcess;
  /** Whether it was killed by us, or told where to die. */
  isAnnounced(): boolean;
  forget(): void;
}

/** The present process's, gone with it: whoever is started again has not been told anything yet. */
const announcing = (process: ServiceProcess): AnnouncedProcess => {
  let killed = false;
  let armedUntilMs = 0;
  const listen: ServiceProcess['tell'] = ({ killPoint, passing }) => {
    if (killPoint === undefined) return;
    if (Number(passing) < DISARMED_FROM) armedUntilMs = Infinity;
    else if (armedUntilMs === Infinity) armedUntilMs = performance.now() + DISARMED_AFTER_MS;
  };
  return {
    process: {
      ...process,
      kill: () => {
        killed = true;
        process.kill();
      },
      tell: (message) => {
        listen(message);
        process.tell(message);
      },
    },
    isAnnounced: () => killed || performance.now() < armedUntilMs,
    forget: () => {
      killed = false;
      armedUntilMs = 0;
    },
  };
};

/** A start that fails has ended the process, which is seen again, or left one that is not ready yet, which may live. */
const startAgain = async (kept: ServiceProcess, afterMs: number, stopped: () => boolean): Promise<void> => {
  if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
  if (!stopped()) await kept.start().catch(() => undefined);
};

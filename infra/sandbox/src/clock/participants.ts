import { z } from 'zod';

/** What a process says of itself, again and again while the clock is being moved. */
export const Report = z.object({
  instance: z.string().min(1).max(200),
  services: z.array(z.string().min(1).max(60)).min(1).max(20),
  /** Of the clock, as far as it has heard. */
  revision: z.int(),
  /** Nothing unsent, being handled, running, or waiting for its next try. */
  quiet: z.boolean(),
  /** What it waits for, when it is not quiet; for the person who reads why it takes so long. */
  waitsFor: z.string().max(500).nullable(),
  nextDueAt: z.iso.datetime().nullable(),
  activity: z.int(),
});
export type Report = z.infer<typeof Report>;

export interface Participants {
  /** Answers at once while the clock is being moved, else when a move begins or after a while. */
  report(report: Report, gone: AbortSignal): Promise<void>;
  leave(instance: string): void;
  /** Wakes everybody who waits. */
  call(): void;
  /** Reports that came after this call, one of every process; throws when somebody stays away. */
  freshReports(): Promise<readonly Report[]>;
}

export interface Patience {
  /** How long a report is held while nothing moves. */
  readonly holdMs: number;
  /** Who says nothing for so long is gone. */
  readonly silentMs: number;
  /** A process that was killed is started again; until then nothing is quiet. */
  readonly absentMs: number;
}

const PATIENCE: Patience = { holdMs: 5_000, silentMs: 10_000, absentMs: 60_000 };
const LOOK_EVERY_MS = 10;

interface Seen {
  readonly report: Report;
  readonly atMs: number;
  readonly round: number;
}

/** Who follows the clock. Processes come and go; a service that was ever there is waited for. */
export const makeParticipants = (isMoving: () => boolean, patience: Patience = PATIENCE): Participants => {
  const seen = new Map<string, Seen>();
  const known = new Set<string>();
  let round = 0;
  let called = Promise.withResolvers<void>();

  const present = (): readonly Seen[] => {
    const nowMs = performance.now();
    for (const [instance, { atMs }] of seen) if (nowMs - atMs > patience.silentMs) seen.delete(instance);
    return [...seen.values()];
  };
  const absent = (there: readonly Seen[]): readonly string[] => {
    const services = new Set(there.flatMap(({ report }) => report.services));
    return [...known].filter((service) => !services.has(service));
  };

  return {
    report: async (report, gone) => {
      for (const service of report.services) known.add(service);
      seen.set(report.instance, { report, atMs: performance.now(), round });
      if (!isMoving()) await Promise.race([called.promise, pause(patience.holdMs), aborted(gone)]);
      // Whoever hung up while waiting has died or been stopped.
      if (gone.aborted) seen.delete(report.instance);
    },
    leave: (instance) => {
      seen.delete(instance);
    },
    call: () => {
      called.resolve();
      called = Promise.withResolvers();
    },
    freshReports: async () => {
      round += 1;
      const wanted = round;
      for (const endMs = performance.now() + patience.absentMs; performance.now() < endMs;) {
        const all = present();
        if (all.length > 0 && absent(all).length === 0 && all.every((one) => one.round >= wanted)) {
          return all.map(({ report }) => report);
        }
        await pause(LOOK_EVERY_MS);
      }
      const missing = absent(present());
      throw new Error(
        missing.length > 0 ? `${missing.join(', ')} is not there to follow the clock.` : 'Nobody follows this clock.',
      );
    },
  };
};

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

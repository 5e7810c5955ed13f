import { type MovedClock } from './moved-clock.ts';
import { type Participants, type Report } from './participants.ts';

/** The outside world's own part: sessions that expire, webhooks that are under way. */
export interface WorldWork {
  /** Does what has fallen due. */
  tick(): Promise<void>;
  quiet(): Promise<boolean>;
  nextDueAt(): Promise<Date | null>;
}

export interface Advanced {
  readonly from: Date;
  readonly now: Date;
  /** How many instants something fell due at. */
  readonly steps: number;
}

export interface AdvanceDeps {
  readonly clock: MovedClock;
  readonly participants: Participants;
  readonly world: WorldWork;
  /** Longer than any one step of a suite in good health takes, retries included. Default: three minutes. */
  readonly quietWithinMs?: number;
}

const QUIET_WITHIN_MS = 180_000;
/** The same instant may fall due again (a second batch); for ever it may not. */
const SAME_INSTANT_MAX = 50;

/**
 * Moves business time from due instant to due instant up to `target`, and waits at each until the whole suite is quiet:
 * so everything happens in the order in which it would have, and none of it twice.
 * @throws when the suite does not become quiet; the clock then stands at the instant that was not finished.
 */
export const advanceTo = async (deps: AdvanceDeps, target: Date): Promise<Advanced> => {
  const { clock } = deps;
  const from = clock.now();
  let steps = 0;
  let repeated = 0;
  for (let dueAt = await quietThenDue(deps); dueAt !== null && dueAt <= target; dueAt = await quietThenDue(deps)) {
    repeated = dueAt <= clock.now() ? repeated + 1 : 0;
    if (repeated > SAME_INSTANT_MAX) throw new Error(`What is due at ${dueAt.toISOString()} is not being done.`);
    steps += 1;
    await move(deps, dueAt);
  }
  await move(deps, target);
  await quietThenDue(deps);
  return { from, now: clock.now(), steps };
};

const move = async ({ clock, world, participants }: AdvanceDeps, instant: Date): Promise<void> => {
  await clock.moveTo(instant);
  participants.call();
  await world.tick();
};

/**
 * The next due instant, once nothing is under way anywhere. A message may be between two services while both look idle:
 * so everybody is asked twice, and nothing may have been committed in between.
 */
const quietThenDue = async ({ clock, participants, world, ...limits }: AdvanceDeps): Promise<Date | null> => {
  const { quietWithinMs = QUIET_WITHIN_MS } = limits;
  let before: string | null = null;
  let waitsFor: readonly string[] = [];
  for (const endMs = performance.now() + quietWithinMs; performance.now() < endMs;) {
    await world.tick();
    const reports = await participants.freshReports();
    const worldQuiet = await world.quiet();
    waitsFor = [...reports.flatMap(waiting(clock.revision())), ...(worldQuiet ? [] : ['the provider: webhooks'])];
    if (waitsFor.length > 0) {
      before = null;
      continue;
    }
    const now = fingerprint(reports);
    if (now === before) return earliest([...reports.map(dueOf), await world.nextDueAt()]);
    before = now;
  }
  throw new Error(`The suite did not become quiet within ${quietWithinMs / 1000} s: ${waitsFor.join('; ')}.`);
};

const waiting =
  (revision: number) =>
  (report: Report): readonly string[] => {
    if (report.quiet && report.revision === revision) return [];
    return [`${report.services.join(', ')}: ${report.waitsFor ?? 'has not heard of the new time'}`];
  };

const fingerprint = (reports: readonly Report[]): string =>
  JSON.stringify(
    reports
      .map(({ instance, activity }) => [instance, activity])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );

const dueOf = ({ nextDueAt }: Report): Date | null => (nextDueAt === null ? null : new Date(nextDueAt));

const earliest = (instants: readonly (Date | null)[]): Date | null =>
  instants.reduce((first, one) => (first === null || (one !== null && one < first) ? one : first), null);

import { DURABLE_STEPS, type KillPoint, setKillPointProbe } from '@quittance/runtime';
import { z } from 'zod';

const KILL_POINTS = DURABLE_STEPS.flatMap((step) => [`${step}:before`, `${step}:after`] as const);

/** What a fault harness may ask of the process it started: die at a point's nth passing, or count the passings. */
const HarnessMessage = z.union([
  z.strictObject({ killPoint: z.enum(KILL_POINTS), passing: z.int().min(1) }),
  z.strictObject({ countPassings: z.boolean() }),
]);

/**
 * Fault tests only; never called in production mode. The process dies as if the power went: SIGKILL, no handlers, no
 * flushing. `first` is armed from the start; more is asked over the IPC channel of the harness.
 */
export const armKillPoints = (first: string | null): void => {
  const passings = new Map<KillPoint, number>();
  let target: { readonly point: string; readonly passing: number } | null =
    first === null ? null : { point: first, passing: 1 };
  const probe = (point: KillPoint): void => {
    const passing = (passings.get(point) ?? 0) + 1;
    passings.set(point, passing);
    if (target?.point === point && target.passing === passing) process.kill(process.pid, 'SIGKILL');
  };
  if (target) setKillPointProbe(probe);
  process.on('message', (message) => {
    const asked = HarnessMessage.safeParse(message);
    if (!asked.success) return;
    if ('killPoint' in asked.data) target = { point: asked.data.killPoint, passing: asked.data.passing };
    else if (!asked.data.countPassings) process.send?.({ passings: Object.fromEntries(passings) });
    if (!('countPassings' in asked.data) || asked.data.countPassings) {
      passings.clear();
      setKillPointProbe(probe);
    }
  });
};

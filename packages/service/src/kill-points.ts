import { isKillPlace, type KillPoint, type KillPointProbe, passingsOf, setKillPointProbe } from '@quittance/runtime';
import { z } from 'zod';

/** What a fault harness may ask of the process it started: die at a place's nth passing, or count the passings. */
const HarnessMessage = z.union([
  z.strictObject({ killPoint: z.string().refine(isKillPlace), passing: z.int().min(1) }),
  z.strictObject({ countPassings: z.boolean() }),
]);

interface Target {
  readonly place: string;
  readonly passing: number;
  passed: number;
}

/**
 * Fault tests only; never called in production mode. The process dies as if the power went: SIGKILL, no handlers, no
 * flushing. `first` is armed from the start; more is asked over the IPC channel of the harness.
 */
export const armKillPoints = (first: string | null): void => {
  const passings = new Map<string, number>();
  let target: Target | null = first === null ? null : { place: first, passing: 1, passed: 0 };
  const probe: KillPointProbe = (point, kinds) => {
    const names = passingsOf(point, kinds);
    for (const name of names) passings.set(name, (passings.get(name) ?? 0) + 1);
    if (target !== null && isAt(target, point, names)) die(target);
  };
  if (target) setKillPointProbe(probe);
  process.on('message', (message) => {
    const asked = HarnessMessage.safeParse(message);
    if (!asked.success) return;
    if ('killPoint' in asked.data) {
      const { killPoint: place, passing } = asked.data;
      target = { place, passing, passed: 0 };
    } else if (!asked.data.countPassings) process.send?.({ passings: Object.fromEntries(passings) });
    if (!('countPassings' in asked.data) || asked.data.countPassings) {
      passings.clear();
      setKillPointProbe(probe);
    }
  });
};

/** A place without a kind stands for every passing of its point. */
const isAt = ({ place }: Target, point: KillPoint, names: readonly string[]): boolean =>
  place === point || names.includes(place);

const die = (target: Target): void => {
  target.passed += 1;
  if (target.passed === target.passing) process.kill(process.pid, 'SIGKILL');
};

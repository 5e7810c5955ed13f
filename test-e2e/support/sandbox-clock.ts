import { type SuiteFacts } from '@quittance/local';
import { z } from 'zod';

const Clock = z.looseObject({ now: z.iso.datetime(), offsetMs: z.int(), steps: z.int().optional() });

export interface SandboxClock {
  now(): Promise<Date>;
  /** Resolves when everything that fell due on the way has been done. */
  advance(by: { readonly days?: number; readonly hours?: number; readonly to?: string }): Promise<Date>;
  /** The same, also where that takes longer than the suite is waited for in one go; throws after three hours. */
  advanceHoweverLong(to: Date): Promise<Date>;
}

const PATIENCE_MS = 3 * 60 * 60 * 1000;

/** The suite's clock, through its own door. */
export const sandboxClock = ({ gatewayUrl }: Pick<SuiteFacts, 'gatewayUrl'>): SandboxClock => {
  const ask = async (by: object): Promise<{ readonly status: number; readonly answer: unknown }> => {
    const response = await fetch(`${gatewayUrl}/sandbox/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(by),
    });
    return { status: response.status, answer: await response.json() };
  };
  const taken = ({ status, answer }: Awaited<ReturnType<typeof ask>>): Date => {
    if (status !== 200) throw new Error(`the clock did not move: ${status} ${JSON.stringify(answer)}`);
    return new Date(Clock.parse(answer).now);
  };
  return {
    now: async () => new Date(Clock.parse(await (await fetch(`${gatewayUrl}/sandbox/clock`)).json()).now),
    advance: async (by) => taken(await ask(by)),
    advanceHoweverLong: async (to) => {
      const endMs = performance.now() + PATIENCE_MS;
      for (;;) {
        // Whoever is still busy is named with 503; asked again, the clock goes on from where it stands.
        const told = await ask({ to: to.toISOString() });
        if (told.status !== 503 || performance.now() > endMs) return taken(told);
      }
    },
  };
};

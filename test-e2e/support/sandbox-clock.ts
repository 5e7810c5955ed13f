import { type SuiteFacts } from '@quittance/local';
import { z } from 'zod';

const Clock = z.looseObject({ now: z.iso.datetime(), offsetMs: z.int(), steps: z.int().optional() });

export interface SandboxClock {
  now(): Promise<Date>;
  /** Resolves when everything that fell due on the way has been done. */
  advance(by: { readonly days?: number; readonly hours?: number; readonly to?: string }): Promise<Date>;
}

/** The suite's clock, through its own door. */
export const sandboxClock = ({ gatewayUrl }: Pick<SuiteFacts, 'gatewayUrl'>): SandboxClock => ({
  now: async () => new Date(Clock.parse(await (await fetch(`${gatewayUrl}/sandbox/clock`)).json()).now),
  advance: async (by) => {
    const response = await fetch(`${gatewayUrl}/sandbox/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(by),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`the clock did not move: ${response.status} ${JSON.stringify(answer)}`);
    return new Date(Clock.parse(answer).now);
  },
});

import { type GroundOptions } from './fault-ground.ts';
import { withVariables } from './with-variables.ts';

/** How long the rail waits for the provider's answer. */
export const RAIL_DEADLINE_MS = 1500;

/** A world whose rail looks every second itself and gives up an answer soon, and whose seller keeps his books in Paris. */
export const OFTEN_SWEPT: GroundOptions = {
  isShared: true,
  detour: withVariables({
    invoicing: { SELLER_TIME_ZONE: 'Europe/Paris' },
    'payments-card': { STRIPE_DEADLINE_MS: String(RAIL_DEADLINE_MS), SWEEP_INTERVAL_MS: '1000' },
  }),
};

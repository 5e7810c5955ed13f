import { type GroundOptions } from './fault-ground.ts';
import { withVariables } from './with-variables.ts';

/** A world with nothing special in it. */
export const PLAIN: GroundOptions = { isShared: true };

/** One whose beats are waited for: a whole run knows each step's kind, and takes none for another's. */
export const BEATING: GroundOptions = { beatIntervalMs: 10_000 };

/**
 * A broker of its own, and a rail that does not ask of its own accord: what happened is told by a webhook and carried by
 * a message, or not at all.
 */
export const TOLD_BY_MESSAGE: GroundOptions = {
  broker: 'own',
  detour: withVariables({ 'payments-card': { SWEEP_INTERVAL_MS: '3600000' } }),
  isShared: true,
};

/** Longest time one call of the provider may take where it is slow on purpose. */
export const CALL_DEADLINE_MS = 1500;

/** A rail that asks again within a second, and a seller who reckons in the time of Paris. */
export const ASKING_SOON: GroundOptions = {
  detour: withVariables({
    invoicing: { SELLER_TIME_ZONE: 'Europe/Paris' },
    'payments-card': { STRIPE_DEADLINE_MS: String(CALL_DEADLINE_MS), SWEEP_INTERVAL_MS: '1000' },
  }),
  isShared: true,
};

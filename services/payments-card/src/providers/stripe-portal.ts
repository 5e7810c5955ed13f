import { Stripe } from 'stripe';

import { type BillingPortal } from '../application/ports.ts';
import { type StripeClient } from './stripe-client.ts';
import { fromStripeError } from './stripe-errors.ts';

/** Stripe's customer portal; `configuration` null uses the account's default, where there is one. */
export const makeStripePortal = (client: StripeClient, configuration: string | null): BillingPortal => ({
  openPortal: async ({ customerReference, returnUrl }) => {
    const params: Stripe.BillingPortal.SessionCreateParams = {
      customer: customerReference,
      ...(returnUrl === null ? {} : { return_url: returnUrl }),
      ...(configuration === null ? {} : { configuration }),
    };
    try {
      const session = await client.change((stripe) => stripe.billingPortal.sessions.create(params));
      return { outcome: 'opened', reference: session.id, url: session.url };
    } catch (error) {
      return isUnconfigured(error) ? { outcome: 'not_configured' } : fromStripeError(error);
    }
  },
});

/** Stripe has no code for "its settings were never saved": only the sentence, or the parameter that names one. */
const isUnconfigured = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  (error.param === 'configuration' || /no configuration provided|customer portal settings/i.test(error.message));

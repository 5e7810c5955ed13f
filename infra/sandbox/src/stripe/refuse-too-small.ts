import { StripeFailure } from './stripe-error.ts';

/** Smallest charge Stripe takes, in minor units; elsewhere the equivalent of half a dollar is not checked. */
const MINIMUM_MINOR: Readonly<Record<string, number>> = { usd: 50, eur: 50, gbp: 30 };

/** As Stripe does, for sessions and payment intents alike. */
export const refuseTooSmall = (what: string, amount: number, currency: string): void => {
  const minimum = MINIMUM_MINOR[currency] ?? 1;
  if (amount < minimum) {
    throw new StripeFailure(400, {
      type: 'invalid_request_error',
      code: 'amount_too_small',
      message: `${what} must convert to at least ${minimum} ${currency}.`,
    });
  }
};

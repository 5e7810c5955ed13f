import { type Money } from '@quittance/money';

import { subscriptionFail } from './errors.ts';

/** Ten thousand million of a currency with two decimals. With any tax on top it still fits a number of the wire. */
const AMOUNT_MINOR_MAX = 1_000_000_000_000n;

/** @throws `subscription.amount_too_high` */
export const refuseHugeAmount = (price: Money, what: string): void => {
  if (price.amountMinor <= AMOUNT_MINOR_MAX) return;
  throw subscriptionFail('subscription.amount_too_high', `${what} is more than one invoice can carry.`, {
    details: { amountMinorMax: Number(AMOUNT_MINOR_MAX) },
  });
};

import { multiplyRatio } from '@quittance/money';

import { subscriptionFail } from './errors.ts';
import { type Plan, type PlanPrice, priceFor } from './plan.ts';
import { refuseHugeAmount } from './refuse-huge-amount.ts';

type Wanted = Parameters<typeof priceFor>[1];

/** @throws `subscription.price_unavailable`, with the prices there are */
export const needPrice = (plan: Plan, wanted: Wanted): PlanPrice => {
  const price = priceFor(plan, wanted);
  if (price !== null) return price;
  throw subscriptionFail(
    'subscription.price_unavailable',
    `Plan ${plan.key} has no price per ${wanted.interval} in ${wanted.currency}.`,
    {
      details: {
        available: plan.prices.map(({ interval, amount, region }) => ({ interval, currency: amount.currency, region })),
      },
    },
  );
};

/**
 * The price of one, where as many as are wanted can be charged.
 *
 * @throws as `needPrice`, and `subscription.amount_too_high`
 */
export const needPriceOfMany = (plan: Plan, wanted: Wanted & { readonly quantity: number }): PlanPrice => {
  const price = needPrice(plan, wanted);
  refuseHugeAmount(multiplyRatio(price.amount, BigInt(wanted.quantity), 1n), `${wanted.quantity} of plan ${plan.key}`);
  return price;
};

import { type Id } from '@quittance/kernel';

import { gatewayFail } from './errors.ts';

/** A plan as the catalogue offers it to buyers in one currency. */
export interface SoldPlan {
  readonly planId: Id<'pln'>;
  readonly action: 'checkout' | 'contact_sales';
  readonly prices: readonly { readonly interval: string; readonly currency: string }[];
}

/**
 * What a wish orders, in the currency it will be paid in. Refused while the person is still with the service that sends them: a link that
 * leads to a plan nobody sells would end before them.
 *
 * @throws gateway.plan_not_sold
 */
export const orderable = (
  plan: SoldPlan | null,
  wish: {
    readonly product: string;
    readonly plan: string;
    readonly interval: string;
    readonly currency: string | null;
  },
): { readonly planId: Id<'pln'>; readonly currency: string } => {
  const named = `${wish.product}/${wish.plan}`;
  if (plan === null) throw gatewayFail('gateway.plan_not_sold', `There is no plan ${named} on sale.`);
  if (plan.action !== 'checkout') throw gatewayFail('gateway.plan_not_sold', `${named} is sold by contact only.`);
  const price = plan.prices.find(
    ({ interval, currency }) => interval === wish.interval && (wish.currency === null || currency === wish.currency),
  );
  if (price !== undefined) return { planId: plan.planId, currency: price.currency };
  const how = wish.currency === null ? wish.interval : `${wish.interval} in ${wish.currency}`;
  throw gatewayFail('gateway.plan_not_sold', `${named} has no price per ${how}.`);
};

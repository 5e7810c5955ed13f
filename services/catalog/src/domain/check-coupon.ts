import { refuseDuplicates } from './check-document.ts';
import { type NewCoupon } from './coupon.ts';
import { type CatalogPolicy } from './definition.ts';
import { catalogFail } from './errors.ts';
import { type Catalog } from './plan.ts';

/**
 * Refuses a coupon that nobody could ever use as it is meant: what it promises never changes afterwards.
 *
 * @throws `catalog.duplicate`, `catalog.coupon_currency`, `catalog.coupon_expired`, `catalog.unknown_plan`
 */
export const checkCoupon = (
  coupon: NewCoupon,
  known: { readonly catalog: Catalog; readonly policy: CatalogPolicy; readonly now: Date },
): void => {
  refuseDuplicates([
    ...coupon.planIds.map((planId) => `plan ${planId}`),
    ...coupon.currencies.map((currency) => `currency ${currency}`),
  ]);
  refuseStrangeMoney(coupon, known.policy);
  refuseExpired(coupon, known.now);
  refuseUnknownPlans(coupon, known.catalog);
};

const refuseStrangeMoney = ({ discount, currencies }: NewCoupon, policy: CatalogPolicy): void => {
  const named = [...currencies, ...(discount.kind === 'fixed' ? [discount.amount.currency] : [])];
  const strange = named.find((currency) => !policy.currencies.includes(currency));
  if (strange !== undefined) {
    throw catalogFail('catalog.coupon_currency', `Nothing is sold in ${strange}.`, {
      details: { supported: policy.currencies },
    });
  }
  if (discount.kind === 'fixed' && currencies.some((currency) => currency !== discount.amount.currency)) {
    throw catalogFail('catalog.coupon_currency', `An amount in ${discount.amount.currency} is taken off that only.`);
  }
};

const refuseExpired = ({ code, expiresAt }: NewCoupon, now: Date): void => {
  if (expiresAt === null || expiresAt > now) return;
  throw catalogFail('catalog.coupon_expired', `Coupon ${code} would have expired at ${expiresAt.toISOString()}.`, {
    details: { expiresAt: expiresAt.toISOString(), now: now.toISOString() },
  });
};

const refuseUnknownPlans = ({ planIds }: NewCoupon, { products }: Catalog): void => {
  const plans = new Set<string>(products.flatMap((product) => product.plans.map(({ id }) => id)));
  const unknown = planIds.filter((planId) => !plans.has(planId));
  if (unknown.length === 0) return;
  throw catalogFail('catalog.unknown_plan', `There is no plan ${unknown.join(', ')}.`, {
    details: { planIds: unknown },
  });
};

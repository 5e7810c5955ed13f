import { type AccountId, type Id } from '@quittance/kernel';
import { allocate, compare, isZero, type Money, multiplyRatio } from '@quittance/money';

import { subscriptionFail } from './errors.ts';

export type CouponDiscount =
  | { readonly kind: 'percentage'; readonly ratePpm: number }
  | { readonly kind: 'fixed'; readonly amount: Money };

export type CouponDuration =
  | { readonly kind: 'once' }
  | { readonly kind: 'cycles'; readonly cycles: number }
  | { readonly kind: 'forever' };

/** A coupon as catalog told it. */
export interface Coupon {
  readonly couponId: Id<'cpn'>;
  readonly code: string;
  readonly discount: CouponDiscount;
  readonly duration: CouponDuration;
  readonly status: 'active' | 'inactive';
  /** A hint: only a reservation says for certain. */
  readonly exhausted: boolean;
  readonly expiresAt: Date | null;
  /** Empty: every plan, every currency. */
  readonly planIds: readonly Id<'pln'>[];
  readonly currencies: readonly string[];
}

export const COUPON_REFUSALS = [
  'unknown',
  'inactive',
  'expired',
  'exhausted',
  'account_exhausted',
  'plan_not_covered',
  'currency_not_covered',
] as const;
export type CouponRefusal = (typeof COUPON_REFUSALS)[number];

export const CLAIM_STATUSES = ['asked', 'held', 'refused', 'released', 'confirmed'] as const;

/** One checkout's use of a coupon, from asking catalog for it to its end. */
export interface CouponClaim {
  readonly checkoutId: Id<'chk'>;
  readonly accountId: AccountId;
  readonly couponId: Id<'cpn'>;
  readonly code: string;
  readonly status: (typeof CLAIM_STATUSES)[number];
  readonly refusal: CouponRefusal | null;
  /** What it takes off the first invoice, as prices are stated. */
  readonly discount: Money;
  readonly terms: {
    readonly discount: CouponDiscount;
    readonly duration: CouponDuration;
    /** Empty: every plan. */
    readonly planIds: readonly Id<'pln'>[];
  };
}

/** A coupon that takes something off its first period: what a claim keeps of it. */
export type NewCoupon = Pick<CouponClaim, 'couponId' | 'code' | 'terms'>;

export const toNewCoupon = ({ couponId, code, discount, duration, planIds }: Coupon): NewCoupon => ({
  couponId,
  code,
  terms: { discount, duration, planIds },
});

/** What is still taken off the periods to come. */
export interface SubscriptionCoupon {
  readonly subscriptionId: Id<'sub'>;
  readonly couponId: Id<'cpn'>;
  readonly code: string;
  readonly discount: CouponDiscount;
  /** Null: for ever. */
  readonly cyclesLeft: number | null;
  /** It ends on any other plan. Empty: every plan. */
  readonly planIds: readonly Id<'pln'>[];
}

/** As much of it as the next charge is told with. */
export type RenewalCoupon = Pick<SubscriptionCoupon, 'code' | 'discount'>;

export const toRenewalCoupon = (coupon: SubscriptionCoupon | null): RenewalCoupon | null =>
  coupon && { code: coupon.code, discount: coupon.discount };

/** Each refusal has a problem of its own, so that a person knows what to do next. */
export const couponProblem = (refusal: CouponRefusal, code: string) =>
  subscriptionFail(PROBLEMS[refusal], `Coupon ${code} cannot be used here: ${refusal.replaceAll('_', ' ')}.`, {
    details: { code },
  });

const PROBLEMS = {
  unknown: 'subscription.coupon_unknown',
  inactive: 'subscription.coupon_unknown',
  expired: 'subscription.coupon_expired',
  exhausted: 'subscription.coupon_exhausted',
  account_exhausted: 'subscription.coupon_used',
  plan_not_covered: 'subscription.coupon_not_for_plan',
  currency_not_covered: 'subscription.coupon_not_for_currency',
} as const satisfies Record<CouponRefusal, string>;

/**
 * What is known to be refused is refused before anything is created; whether a use is left, only catalog decides.
 *
 * @throws the refusal's own problem
 */
export const usableCoupon = (
  coupon: Coupon | null,
  wish: { readonly code: string; readonly planId: Id<'pln'>; readonly currency: string; readonly now: Date },
): Coupon => {
  const refusal = coupon === null ? 'unknown' : refusalOf(coupon, wish);
  if (coupon === null || refusal !== null) throw couponProblem(refusal ?? 'unknown', wish.code);
  return coupon;
};

const refusalOf = (
  coupon: Coupon,
  { planId, currency, now }: { readonly planId: Id<'pln'>; readonly currency: string; readonly now: Date },
): CouponRefusal | null => {
  if (coupon.status === 'inactive') return 'inactive';
  if (coupon.expiresAt !== null && coupon.expiresAt <= now) return 'expired';
  if (coupon.planIds.length > 0 && !coupon.planIds.includes(planId)) return 'plan_not_covered';
  if (coupon.discount.kind === 'fixed' && coupon.discount.amount.currency !== currency) return 'currency_not_covered';
  if (coupon.currencies.length > 0 && !coupon.currencies.includes(currency)) return 'currency_not_covered';
  return coupon.exhausted ? 'exhausted' : null;
};

const PPM = 1_000_000n;

/** Rounded once, half away from zero; never more than the price. An amount in another currency takes nothing off. */
export const discountOf = (discount: CouponDiscount, price: Money): Money => {
  if (discount.kind === 'percentage') return multiplyRatio(price, BigInt(discount.ratePpm), PPM);
  if (discount.amount.currency !== price.currency) return { ...price, amountMinor: 0n };
  return compare(discount.amount, price) > 0 ? price : discount.amount;
};

/** The discount of each line, by largest remainder: they sum to the whole, and no line costs less than nothing. */
export const discountParts = (total: Money, lineAmounts: readonly Money[]): readonly Money[] =>
  isZero(total)
    ? lineAmounts.map((amount) => ({ ...amount, amountMinor: 0n }))
    : allocate(total, weightsOf(lineAmounts));

const weightsOf = (amounts: readonly Money[]): readonly bigint[] =>
  amounts.map(({ amountMinor }) => (amountMinor > 0n ? amountMinor : 0n));

/** What is left of a coupon when its first period was billed; null when that was the last one. */
export const afterFirstCycle = (coupon: NewCoupon, subscriptionId: Id<'sub'>): SubscriptionCoupon | null => {
  const { couponId, code, terms } = coupon;
  const own = { subscriptionId, couponId, code, discount: terms.discount, planIds: terms.planIds };
  if (terms.duration.kind === 'once') return null;
  if (terms.duration.kind === 'forever') return { ...own, cyclesLeft: null };
  return terms.duration.cycles > 1 ? { ...own, cyclesLeft: terms.duration.cycles - 1 } : null;
};

/** What is left when one more period was billed; null when that was the last one. */
export const afterCycle = (coupon: SubscriptionCoupon): SubscriptionCoupon | null => {
  if (coupon.cyclesLeft === null) return coupon;
  return coupon.cyclesLeft > 1 ? { ...coupon, cyclesLeft: coupon.cyclesLeft - 1 } : null;
};

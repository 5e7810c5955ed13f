import { type AccountId, type Id } from '@quittance/kernel';
import { type Currency, type Money } from '@quittance/money';

export type CouponDiscount =
  | { readonly kind: 'percentage'; readonly ratePpm: number }
  | { readonly kind: 'fixed'; readonly amount: Money };

export type CouponDuration =
  | { readonly kind: 'once' }
  | { readonly kind: 'cycles'; readonly cycles: number }
  | { readonly kind: 'forever' };

/** What was promised never changes; only whether it may still be claimed. */
export interface Coupon {
  readonly id: Id<'cpn'>;
  readonly code: string;
  readonly discount: CouponDiscount;
  readonly duration: CouponDuration;
  /** Null is without a limit. */
  readonly capTotal: number | null;
  readonly capPerAccount: number | null;
  readonly expiresAt: Date | null;
  /** Empty: every plan, every currency. */
  readonly planIds: readonly Id<'pln'>[];
  readonly currencies: readonly Currency[];
  readonly status: 'active' | 'inactive';
  /** Held by open checkouts, or redeemed. */
  readonly claimed: number;
  readonly version: number;
  readonly createdAt: Date;
}

/** What somebody who issues one decides. */
export type NewCoupon = Omit<Coupon, 'status' | 'claimed' | 'version' | 'createdAt'>;

export const CLAIM_STATUSES = ['reserved', 'confirmed', 'released'] as const;
export type ClaimStatus = (typeof CLAIM_STATUSES)[number];

/** One checkout's use of a coupon. */
export interface Claim {
  readonly checkoutId: Id<'chk'>;
  readonly couponId: Id<'cpn'>;
  readonly accountId: AccountId;
  readonly status: ClaimStatus;
  readonly reservedAt: Date;
  readonly settledAt: Date | null;
  readonly invoiceId: Id<'inv'> | null;
  readonly discount: Money | null;
}

/** What it took off one invoice after the first. */
export interface CouponDiscounted {
  readonly couponId: Id<'cpn'>;
  readonly invoiceId: Id<'inv'>;
  readonly accountId: AccountId;
  readonly discount: Money;
  readonly paidAt: Date;
}

export type CouponRefusal =
  | 'unknown'
  | 'inactive'
  | 'expired'
  | 'exhausted'
  | 'account_exhausted'
  | 'plan_not_covered'
  | 'currency_not_covered';

/**
 * What the end of a claim does to the coupon's count. `reopen` and `count_last` are what those who sell are told of.
 * Beyond the cap nothing is counted: a use that was paid for late is there all the same, so the next one given back
 * frees nothing (`…_full`).
 */
export type UseCount = 'none' | 'give_back' | 'reopen' | 'give_back_full' | 'count' | 'count_last' | 'count_full';

export const isExhausted = ({ capTotal, claimed }: Pick<Coupon, 'capTotal' | 'claimed'>): boolean =>
  capTotal !== null && claimed >= capTotal;

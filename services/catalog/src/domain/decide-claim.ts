import { type AccountId, type AuditEntry, type Id } from '@quittance/kernel';
import { type Money, toDecimal } from '@quittance/money';

import { type Claim, type Coupon, type CouponRefusal, isExhausted, type UseCount } from './coupon.ts';
import { type CatalogMessage } from './messages.ts';

export interface ClaimWish {
  readonly checkoutId: Id<'chk'>;
  readonly couponId: Id<'cpn'>;
  readonly accountId: AccountId;
  readonly planId: Id<'pln'>;
  readonly currency: string;
}

export interface ReservationFacts {
  readonly wish: ClaimWish;
  readonly coupon: Coupon | null;
  /** How many uses the account holds or has redeemed. */
  readonly claimedByAccount: number;
  /** What is known of this checkout's claim already. */
  readonly existing: Claim | null;
  readonly now: Date;
}

interface Decided {
  readonly messages: readonly CatalogMessage[];
  readonly audit: readonly AuditEntry[];
}

export type ReservationDecision =
  /** Decided before, or released before it was asked for: messages come in any order. */
  | { readonly kind: 'nothing' }
  | (Decided & { readonly kind: 'refuse'; readonly reason: CouponRefusal })
  | (Decided & {
      readonly kind: 'reserve';
      readonly claim: Claim;
      /** It takes the last use there is. */
      readonly last: boolean;
    });

/** Whether a checkout gets one use of a coupon. What it says is enforced again by the statement that takes the use. */
export const decideReservation = (facts: ReservationFacts): ReservationDecision => {
  const { wish, coupon, existing, now } = facts;
  if (existing !== null) return { kind: 'nothing' };
  const reason = whyNot(facts);
  if (reason !== null || coupon === null) return refuse(wish, reason ?? 'unknown');
  const last = coupon.capTotal !== null && coupon.claimed + 1 === coupon.capTotal;
  const claim: Claim = {
    checkoutId: wish.checkoutId,
    couponId: coupon.id,
    accountId: wish.accountId,
    status: 'reserved',
    reservedAt: now,
    settledAt: null,
    invoiceId: null,
    discount: null,
  };
  return {
    kind: 'reserve',
    claim,
    last,
    messages: [{ type: 'coupon_reserved', checkoutId: wish.checkoutId, couponId: coupon.id }],
    audit: [entry('coupon.reserved', claim)],
  };
};

const whyNot = ({ wish, coupon, claimedByAccount, now }: ReservationFacts): CouponRefusal | null => {
  if (coupon === null) return 'unknown';
  if (coupon.status === 'inactive') return 'inactive';
  if (coupon.expiresAt !== null && coupon.expiresAt <= now) return 'expired';
  if (coupon.planIds.length > 0 && !coupon.planIds.includes(wish.planId)) return 'plan_not_covered';
  if (!coversCurrency(coupon, wish.currency)) return 'currency_not_covered';
  if (isExhausted(coupon)) return 'exhausted';
  if (coupon.capPerAccount !== null && claimedByAccount >= coupon.capPerAccount) return 'account_exhausted';
  return null;
};

const coversCurrency = ({ discount, currencies }: Coupon, wanted: string): boolean => {
  if (discount.kind === 'fixed' && discount.amount.currency !== wanted) return false;
  return currencies.length === 0 || currencies.some((currency) => currency === wanted);
};

const refuse = (wish: ClaimWish, reason: CouponRefusal): ReservationDecision => ({
  kind: 'refuse',
  reason,
  messages: [{ type: 'coupon_refused', checkoutId: wish.checkoutId, couponId: wish.couponId, reason }],
  audit: [
    {
      action: 'coupon.refused',
      subject: { type: 'coupon', id: wish.couponId },
      accountId: wish.accountId,
      result: 'failed',
      reason,
      after: { checkoutId: wish.checkoutId },
    },
  ],
});

export type SettlementDecision =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'settle';
      readonly claim: Claim;
      readonly before: Claim | null;
      /** By how much the use counts against the caps. */
      readonly uses: -1 | 0 | 1;
      readonly audit: readonly AuditEntry[];
    };

/** The checkout ended unpaid. One that is released before it was reserved leaves its mark, so that it never will be. */
export const decideRelease = (
  existing: Claim | null,
  given: Pick<Claim, 'checkoutId' | 'couponId' | 'accountId'> & { readonly now: Date; readonly reason: string },
): SettlementDecision => {
  const { now, reason, ...ids } = given;
  if (existing !== null && existing.status !== 'reserved') return { kind: 'nothing' };
  const blank = { ...ids, reservedAt: now, invoiceId: null, discount: null };
  const claim: Claim = { ...(existing ?? blank), status: 'released', settledAt: now };
  const uses = existing === null ? 0 : -1;
  return { kind: 'settle', claim, before: existing, uses, audit: [{ ...entry('coupon.released', claim), reason }] };
};

/**
 * The invoice that carries it is paid. A claim that was given up before counts again, whatever the cap says: the
 * customer has paid less already, and the record says so.
 */
export const decideConfirmation = (
  existing: Claim | null,
  given: Pick<Claim, 'checkoutId' | 'couponId' | 'accountId'> & {
    readonly now: Date;
    readonly invoiceId: Id<'inv'>;
    readonly discount: Money;
  },
): SettlementDecision => {
  const { now, ...paid } = given;
  if (existing?.status === 'confirmed') return { kind: 'nothing' };
  const claim: Claim = { reservedAt: now, ...existing, ...paid, status: 'confirmed', settledAt: now };
  const uses = existing?.status === 'reserved' ? 0 : 1;
  return { kind: 'settle', claim, before: existing, uses, audit: [entry('coupon.confirmed', claim)] };
};

/** `live`: how many claims held or had redeemed a use before this one ended. */
export const decideCount = (coupon: Pick<Coupon, 'capTotal' | 'claimed'>, uses: -1 | 0 | 1, live: number): UseCount => {
  if (uses === 0) return 'none';
  const { capTotal, claimed } = coupon;
  const full = isExhausted(coupon);
  if (uses === 1) {
    if (full) return 'count_full';
    return claimed + 1 === capTotal ? 'count_last' : 'count';
  }
  if (!full) return 'give_back';
  return capTotal !== null && live > capTotal ? 'give_back_full' : 'reopen';
};

/** By how much that changes it. */
export const COUNTED: Readonly<Record<UseCount, -1 | 0 | 1>> = {
  none: 0,
  give_back: -1,
  reopen: -1,
  give_back_full: 0,
  count: 1,
  count_last: 1,
  count_full: 0,
};

const entry = (action: AuditEntry['action'], claim: Claim): AuditEntry => ({
  action,
  subject: { type: 'coupon', id: claim.couponId },
  accountId: claim.accountId,
  after: {
    checkoutId: claim.checkoutId,
    status: claim.status,
    ...(claim.invoiceId === null ? {} : { invoiceId: claim.invoiceId }),
    ...(claim.discount === null ? {} : { discount: `${toDecimal(claim.discount)} ${claim.discount.currency}` }),
  },
});

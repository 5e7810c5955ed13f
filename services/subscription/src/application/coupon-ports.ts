import { type Id, type Write } from '@quittance/kernel';

import { type Coupon, type CouponClaim, type SubscriptionCoupon } from '../domain/coupon.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';

/** Our own copy of what catalog issues. */
export interface Coupons {
  findByCode(code: string): Promise<Coupon | null>;
  /** Keeps the snapshot with the higher message version. */
  store(coupon: Coupon, messageVersion: number): Write;
}

export interface CouponClaims {
  find(checkoutId: Id<'chk'>): Promise<CouponClaim | null>;
  /** The request for an invoice that waits until the use is held, with the discount taken off. */
  storedInvoice(checkoutId: Id<'chk'>): Promise<unknown>;
  insert(claim: CouponClaim, invoice: Extract<SubscriptionMessage, { type: 'open_invoice' }>): Write;
  /** `platform.version_conflict` unless it is still as it was. */
  update(claim: CouponClaim, statusBefore: CouponClaim['status']): Write;
}

/** What is taken off the periods to come; renewals read it and move it on with `afterCycle`. */
export interface SubscriptionCoupons {
  find(subscriptionId: Id<'sub'>): Promise<SubscriptionCoupon | null>;
  /** By subscription, of those that have one. */
  findMany(subscriptionIds: readonly Id<'sub'>[]): Promise<ReadonlyMap<string, SubscriptionCoupon>>;
  /** One more of its cycles was paid; fails with `platform.version_conflict` when somebody counted meanwhile. */
  useCycle(coupon: SubscriptionCoupon): Write;
  insert(coupon: SubscriptionCoupon): Write;
  /** Nothing is taken off any more; fails with `platform.version_conflict` when somebody counted meanwhile. */
  end(coupon: SubscriptionCoupon): Write;
}

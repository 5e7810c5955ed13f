import { type AccountId, type Id, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type Claim, type ClaimStatus, type Coupon, type CouponDiscounted, type UseCount } from '../domain/coupon.ts';

export interface CouponUsage {
  readonly byStatus: Readonly<Record<ClaimStatus, number>>;
  /** What it took off, by currency: redemptions, and later invoices that are no redemption's own. */
  readonly discounts: readonly Money[];
}

export interface PageOfCoupons {
  readonly limit: number;
  /** Id of the last of the page before. */
  readonly after: string | null;
}

export interface CouponQuestion extends PageOfCoupons {
  readonly code: string | null;
  readonly status: Coupon['status'] | null;
  /** Those that this plan may be bought with. */
  readonly planId: Id<'pln'> | null;
}

export interface CouponStore {
  find(id: Id<'cpn'>): Promise<Coupon | null>;
  findByCode(code: string): Promise<Coupon | null>;
  /** Newest first; one more than `limit` where there are more. */
  list(question: CouponQuestion): Promise<readonly Coupon[]>;
  usage(ids: readonly Id<'cpn'>[]): Promise<ReadonlyMap<string, CouponUsage>>;
  claims(id: Id<'cpn'>, accountId: AccountId | null, page: PageOfCoupons): Promise<readonly Claim[]>;
  findClaim(checkoutId: Id<'chk'>): Promise<Claim | null>;
  claimedBy(id: Id<'cpn'>, accountId: AccountId): Promise<number>;
  /** For those who were away; null means every coupon. A hundred at a time. */
  changedSince(since: Date | null): AsyncIterable<Coupon>;
  insert(coupon: Coupon): Write;
  deactivate(coupon: Coupon, how: { readonly expectedVersion: number; readonly at: Date }): Write;
  /**
   * Takes one use, or throws `platform.version_conflict`: when none is left, when the account has none left, and when
   * it is (or is not) the last one other than `last` says. `version` is the coupon's next, kept when it is the last.
   */
  take(coupon: Coupon, claim: Claim, how: Told & { readonly last: boolean }): Write;
  /** The account has used the coupon, and what it took off this invoice is told neither here nor by a redemption. */
  isNewsOf(id: Id<'cpn'>, where: Pick<CouponDiscounted, 'invoiceId' | 'accountId'>): Promise<boolean>;
  /** One that is there already stays as it is. */
  addDiscount(discounted: CouponDiscounted): Write;
  /** How many claims hold a use or have redeemed it. */
  live(id: Id<'cpn'>): Promise<number>;
  /**
   * Ends the claim, which must still be as it was, and counts its use as `count` says, or throws
   * `platform.version_conflict` where the coupon is not what it was when that was decided.
   */
  settle(coupon: Coupon, claim: Claim, how: Told & { readonly before: Claim | null; readonly count: UseCount }): Write;
}

/** What a change is kept with that those who sell are told of. */
interface Told {
  readonly version: number;
  readonly at: Date;
}

import { type AccountId, type Id, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type Claim, type ClaimStatus, type Coupon } from '../domain/coupon.ts';

export interface CouponUsage {
  readonly byStatus: Readonly<Record<ClaimStatus, number>>;
  /** What redemptions took off, by currency. */
  readonly discounts: readonly Money[];
}

export interface PageOfCoupons {
  readonly limit: number;
  /** Id of the last of the page before. */
  readonly after: string | null;
}

export interface CouponStore {
  find(id: Id<'cpn'>): Promise<Coupon | null>;
  findByCode(code: string): Promise<Coupon | null>;
  /** Newest first; one more than `limit` where there are more. */
  list(page: PageOfCoupons): Promise<readonly Coupon[]>;
  usage(ids: readonly Id<'cpn'>[]): Promise<ReadonlyMap<string, CouponUsage>>;
  claims(id: Id<'cpn'>, accountId: AccountId | null, page: PageOfCoupons): Promise<readonly Claim[]>;
  findClaim(checkoutId: Id<'chk'>): Promise<Claim | null>;
  claimedBy(id: Id<'cpn'>, accountId: AccountId): Promise<number>;
  /** Every coupon changed since: for those who were away. */
  all(): Promise<readonly Coupon[]>;
  insert(coupon: Coupon): Write;
  deactivate(coupon: Coupon, expectedVersion: number): Write;
  /**
   * Takes one use, or throws `platform.version_conflict`: when none is left, when the account has none left, and when
   * it is (or is not) the last one other than `last` says. `version` is the coupon's next, kept when it is the last.
   */
  take(coupon: Coupon, claim: Claim, how: { readonly last: boolean; readonly version: number }): Write;
  /** Ends the claim, which must still be as it was, and gives its use back where `uses` says so. */
  settle(
    claim: Claim,
    how: { readonly before: Claim | null; readonly uses: -1 | 0 | 1; readonly reopened: Reopened | null },
  ): Write;
}

/** The coupon was exhausted, and giving this use back opens it again. */
export interface Reopened {
  readonly from: number;
  readonly to: number;
}

import { type Clock, platformFail, type UnitOfWork, type WallClock } from '@quittance/kernel';

import { type Claim, type Coupon, isExhausted } from '../domain/coupon.ts';
import {
  type ClaimWish,
  COUNTED,
  decideConfirmation,
  decideCount,
  decideRelease,
  decideReservation,
  type SettlementDecision,
} from '../domain/decide-claim.ts';
import { type CatalogMessage } from '../domain/messages.ts';
import { type CouponStore } from './coupon-ports.ts';
import { versionAfter } from './version-after.ts';

interface Deps {
  readonly coupons: CouponStore;
  readonly unitOfWork: UnitOfWork<CatalogMessage>;
  readonly clock: Clock;
  readonly wallClock: WallClock;
}

type Ids = Pick<Claim, 'checkoutId' | 'couponId' | 'accountId'>;

export interface ClaimCoupon {
  reserve(wish: ClaimWish): Promise<void>;
  confirm(
    paid: Ids & {
      readonly invoiceId: NonNullable<Claim['invoiceId']>;
      readonly discount: NonNullable<Claim['discount']>;
    },
  ): Promise<void>;
  release(ended: Ids & { readonly reason: string }): Promise<void>;
}

/**
 * A coupon's use, from a checkout's wish to its end. The statement that takes a use is the only thing that keeps the
 * cap: who loses the race decides again and finds it exhausted.
 */
export const makeClaimCoupon = (deps: Deps): ClaimCoupon => ({
  reserve: (wish) => reserve(deps, wish),
  confirm: async (paid) => {
    const existing = await deps.coupons.findClaim(paid.checkoutId);
    await settle(deps, await known(deps, paid), decideConfirmation(existing, { ...paid, now: deps.clock.now() }));
  },
  release: async (ended) => {
    const existing = await deps.coupons.findClaim(ended.checkoutId);
    await settle(deps, await known(deps, ended), decideRelease(existing, { ...ended, now: deps.clock.now() }));
  },
});

const reserve = async (deps: Deps, wish: ClaimWish): Promise<void> => {
  const [coupon, claimedByAccount, existing] = await Promise.all([
    deps.coupons.find(wish.couponId),
    deps.coupons.claimedBy(wish.couponId, wish.accountId),
    deps.coupons.findClaim(wish.checkoutId),
  ]);
  const decision = decideReservation({ wish, coupon, claimedByAccount, existing, now: deps.clock.now() });
  if (decision.kind === 'nothing') return;
  if (decision.kind === 'refuse' || coupon === null) {
    await deps.unitOfWork.commit({ writes: [], messages: decision.messages, audit: decision.audit });
    return;
  }
  const version = versionAfter(coupon.version, deps);
  const taken: Coupon = { ...coupon, claimed: coupon.claimed + 1, version };
  await deps.unitOfWork.commit({
    writes: [deps.coupons.take(coupon, decision.claim, { last: decision.last, version, at: deps.clock.now() })],
    messages: [...decision.messages, ...(decision.last ? [{ type: 'coupon_changed' as const, coupon: taken }] : [])],
    audit: decision.audit,
  });
};

const known = async (deps: Deps, { couponId }: Ids): Promise<Coupon> => {
  const coupon = await deps.coupons.find(couponId);
  if (coupon === null) throw platformFail('platform.not_found', `There is no coupon ${couponId}.`);
  return coupon;
};

const settle = async (deps: Deps, coupon: Coupon, decision: SettlementDecision): Promise<void> => {
  if (decision.kind === 'nothing') return;
  const { claim, before, uses } = decision;
  const count = decideCount(coupon, uses, isExhausted(coupon) ? await deps.coupons.live(coupon.id) : 0);
  const version = versionAfter(coupon.version, deps);
  const counted: Coupon = { ...coupon, claimed: coupon.claimed + COUNTED[count], version };
  const turned = count === 'reopen' || count === 'count_last';
  await deps.unitOfWork.commit({
    writes: [deps.coupons.settle(coupon, claim, { before, count, version, at: deps.clock.now() })],
    messages: turned ? [{ type: 'coupon_changed', coupon: counted }] : [],
    audit: decision.audit,
  });
};

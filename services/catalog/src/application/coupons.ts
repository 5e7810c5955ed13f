import {
  type AccountId,
  type AuditEntry,
  type Clock,
  type Id,
  platformFail,
  type UnitOfWork,
  type WallClock,
} from '@quittance/kernel';
import { toDecimal } from '@quittance/money';

import { checkCoupon } from '../domain/check-coupon.ts';
import { type Claim, type Coupon, type NewCoupon } from '../domain/coupon.ts';
import { type CatalogPolicy } from '../domain/definition.ts';
import { catalogFail } from '../domain/errors.ts';
import { type CatalogMessage } from '../domain/messages.ts';
import { type CouponQuestion, type CouponStore, type CouponUsage, type PageOfCoupons } from './coupon-ports.ts';
import { type CatalogStore } from './ports.ts';
import { versionAfter } from './version-after.ts';

interface Deps {
  readonly store: Pick<CatalogStore, 'load'>;
  readonly coupons: CouponStore;
  readonly unitOfWork: UnitOfWork<CatalogMessage>;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly policy: CatalogPolicy;
}

export interface CouponView {
  readonly coupon: Coupon;
  readonly usage: CouponUsage;
}

export interface Coupons {
  /**
   * @throws `catalog.key_taken`, `catalog.coupon_currency`, `catalog.coupon_expired`, `catalog.unknown_plan`,
   * `catalog.duplicate`
   */
  create(wanted: NewCoupon): Promise<CouponView>;
  deactivate(id: Id<'cpn'>): Promise<CouponView>;
  one(id: Id<'cpn'>): Promise<CouponView>;
  list(
    question: CouponQuestion,
  ): Promise<{ readonly coupons: readonly CouponView[]; readonly nextCursor: string | null }>;
  redemptions(
    id: Id<'cpn'>,
    accountId: AccountId | null,
    page: PageOfCoupons,
  ): Promise<{ readonly claims: readonly Claim[]; readonly nextCursor: string | null }>;
}

/** Coupons as operators issue them and look after them. */
export const makeCoupons = (deps: Deps): Coupons => ({
  create: (wanted) => create(deps, wanted),
  deactivate: (id) => deactivate(deps, id),
  one: (id) => one(deps, id),
  list: async (page) => {
    const found = await deps.coupons.list(page);
    const coupons = found.slice(0, page.limit);
    const usage = await deps.coupons.usage(coupons.map(({ id }) => id));
    return {
      coupons: coupons.map((coupon) => ({ coupon, usage: usage.get(coupon.id) ?? UNUSED })),
      nextCursor: found.length > page.limit ? (coupons.at(-1)?.id ?? null) : null,
    };
  },
  redemptions: async (id, accountId, page) => {
    await find(deps, id);
    const found = await deps.coupons.claims(id, accountId, page);
    const claims = found.slice(0, page.limit);
    return { claims, nextCursor: found.length > page.limit ? (claims.at(-1)?.checkoutId ?? null) : null };
  },
});

const UNUSED: CouponUsage = { byStatus: { reserved: 0, confirmed: 0, released: 0 }, discounts: [] };

const create = async (deps: Deps, wanted: NewCoupon): Promise<CouponView> => {
  const before = await deps.coupons.findByCode(wanted.code);
  if (before !== null && before.id === wanted.id) return one(deps, before.id);
  if (before !== null) throw catalogFail('catalog.key_taken', `There is a coupon ${wanted.code} already.`);
  const createdAt = deps.clock.now();
  checkCoupon(wanted, { catalog: await deps.store.load(), policy: deps.policy, now: createdAt });
  const coupon: Coupon = { ...wanted, status: 'active', claimed: 0, version: versionAfter(0, deps), createdAt };
  await deps.unitOfWork.commit({
    writes: [deps.coupons.insert(coupon)],
    messages: [{ type: 'coupon_changed', coupon }],
    audit: [entry('coupon.created', coupon)],
  });
  return { coupon, usage: UNUSED };
};

const deactivate = async (deps: Deps, id: Id<'cpn'>): Promise<CouponView> => {
  const before = await find(deps, id);
  if (before.status === 'inactive') return one(deps, id);
  const coupon: Coupon = { ...before, status: 'inactive', version: versionAfter(before.version, deps) };
  await deps.unitOfWork.commit({
    writes: [deps.coupons.deactivate(coupon, { expectedVersion: before.version, at: deps.clock.now() })],
    messages: [{ type: 'coupon_changed', coupon }],
    audit: [entry('coupon.deactivated', coupon)],
  });
  return one(deps, id);
};

const one = async (deps: Deps, id: Id<'cpn'>): Promise<CouponView> => {
  const coupon = await find(deps, id);
  const usage = await deps.coupons.usage([id]);
  return { coupon, usage: usage.get(id) ?? UNUSED };
};

const find = async ({ coupons }: Deps, id: Id<'cpn'>): Promise<Coupon> => {
  const coupon = await coupons.find(id);
  if (coupon === null) throw platformFail('platform.not_found', `There is no coupon ${id}.`);
  return coupon;
};

const entry = (action: AuditEntry['action'], coupon: Coupon): AuditEntry => ({
  action,
  subject: { type: 'coupon', id: coupon.id },
  accountId: null,
  after: {
    code: coupon.code,
    status: coupon.status,
    discount:
      coupon.discount.kind === 'percentage'
        ? `${String(coupon.discount.ratePpm / 10_000)} %`
        : `${toDecimal(coupon.discount.amount)} ${coupon.discount.amount.currency}`,
    duration: coupon.duration.kind === 'cycles' ? `${String(coupon.duration.cycles)} cycles` : coupon.duration.kind,
    capTotal: coupon.capTotal,
    capPerAccount: coupon.capPerAccount,
    expiresAt: coupon.expiresAt?.toISOString() ?? null,
  },
});

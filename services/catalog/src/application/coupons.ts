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

import { type Claim, type Coupon } from '../domain/coupon.ts';
import { type CatalogPolicy } from '../domain/definition.ts';
import { catalogFail } from '../domain/errors.ts';
import { type CatalogMessage } from '../domain/messages.ts';
import { type CouponStore, type CouponUsage, type PageOfCoupons } from './coupon-ports.ts';
import { versionAfter } from './plan-changes.ts';

interface Deps {
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

export type NewCoupon = Omit<Coupon, 'status' | 'claimed' | 'version' | 'createdAt'>;

export interface Coupons {
  /** @throws `catalog.key_taken`, `catalog.coupon_currency` */
  create(wanted: NewCoupon): Promise<CouponView>;
  deactivate(id: Id<'cpn'>): Promise<CouponView>;
  one(id: Id<'cpn'>): Promise<CouponView>;
  list(page: PageOfCoupons): Promise<{ readonly coupons: readonly CouponView[]; readonly nextCursor: string | null }>;
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
  refuseStrangeCurrencies(wanted, deps.policy);
  const coupon: Coupon = {
    ...wanted,
    status: 'active',
    claimed: 0,
    version: versionAfter(0, deps),
    createdAt: deps.clock.now(),
  };
  await deps.unitOfWork.commit({
    writes: [deps.coupons.insert(coupon)],
    messages: [{ type: 'coupon_changed', coupon }],
    audit: [entry('coupon.created', coupon)],
  });
  return { coupon, usage: UNUSED };
};

const refuseStrangeCurrencies = ({ discount, currencies }: NewCoupon, policy: CatalogPolicy): void => {
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

const deactivate = async (deps: Deps, id: Id<'cpn'>): Promise<CouponView> => {
  const before = await find(deps, id);
  if (before.status === 'inactive') return one(deps, id);
  const coupon: Coupon = { ...before, status: 'inactive', version: versionAfter(before.version, deps) };
  await deps.unitOfWork.commit({
    writes: [deps.coupons.deactivate(coupon, before.version)],
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

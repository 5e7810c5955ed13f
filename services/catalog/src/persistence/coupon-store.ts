import { guarded, insertRows, lostRace, type Statement, statementWrite, updateRow } from '@quittance/database';
import { assertNever } from '@quittance/kernel';
import { z } from 'zod';

import { type CouponStore, type CouponUsage } from '../application/coupon-ports.ts';
import { CLAIM_STATUSES, type Coupon, type UseCount } from '../domain/coupon.ts';
import { amount, fromClaimRow, fromCouponRow, toClaimRow, toCouponRow } from './coupon-rows.ts';
import { type PrismaClient } from './generated/client.ts';

export const makeCouponStore = (client: PrismaClient): CouponStore => ({
  find: async (id) => {
    const row = await client.coupon.findUnique({ where: { id } });
    return row && fromCouponRow(row);
  },
  findByCode: async (code) => {
    const row = await client.coupon.findUnique({ where: { code } });
    return row && fromCouponRow(row);
  },
  list: async ({ limit, after, code, status, planId }) => {
    const where = {
      ...(after === null ? {} : { id: { lt: after } }),
      ...(code === null ? {} : { code }),
      ...(status === null ? {} : { status }),
      ...(planId === null ? {} : { OR: [{ planIds: { isEmpty: true } }, { planIds: { has: planId } }] }),
    };
    const rows = await client.coupon.findMany({ where, orderBy: { id: 'desc' }, take: limit + 1 });
    return rows.map(fromCouponRow);
  },
  changedSince: (since) => readChanged(client, since),
  isNewsOf: async (couponId, { invoiceId, accountId }) => {
    const used = await client.couponClaim.findFirst({ where: { couponId, accountId }, select: { checkoutId: true } });
    if (used === null) return false;
    return (await client.couponDiscount.count({ where: { couponId, invoiceId } })) === 0;
  },
  addDiscount: ({ discount, ...ids }) =>
    statementWrite(
      insertRows(
        'coupon_discounts',
        [{ ...ids, amountMinor: discount.amountMinor, currency: discount.currency }],
        'ON CONFLICT DO NOTHING',
      ),
    ),
  live: (couponId) => client.couponClaim.count({ where: { couponId, status: { not: 'released' } } }),
  usage: (ids) => readUsage(client, ids),
  claims: async (couponId, accountId, { limit, after }) => {
    const rows = await client.couponClaim.findMany({
      where: {
        couponId,
        ...(accountId === null ? {} : { accountId }),
        ...(after === null ? {} : { checkoutId: { lt: after } }),
      },
      orderBy: { checkoutId: 'desc' },
      take: limit + 1,
    });
    return rows.map(fromClaimRow);
  },
  findClaim: async (checkoutId) => {
    const row = await client.couponClaim.findUnique({ where: { checkoutId } });
    return row && fromClaimRow(row);
  },
  claimedBy: async (couponId, accountId) => {
    const row = await client.couponAccount.findUnique({ where: { couponId_accountId: { couponId, accountId } } });
    return row?.claimed ?? 0;
  },
  insert: (coupon) => statementWrite(insertRows('coupons', [{ ...toCouponRow(coupon), updatedAt: coupon.createdAt }])),
  deactivate: ({ id, status, version }, { expectedVersion, at }) =>
    statementWrite(
      updateRow(
        'coupons',
        { set: { status, version, updatedAt: at }, where: { id, version: expectedVersion } },
        `Coupon ${id}`,
      ),
    ),
  take: (coupon, claim, { last, version, at }) =>
    statementWrite(
      guarded(
        last
          ? { text: TAKE_LAST, values: [coupon.id, version, coupon.version, at.toISOString()] }
          : { text: TAKE, values: [coupon.id] },
        lostRace(`Coupon ${coupon.code}`),
      ),
      guarded(
        { text: COUNT_ACCOUNT, values: [coupon.id, claim.accountId, coupon.capPerAccount] },
        lostRace(`Coupon ${coupon.code} of ${claim.accountId}`),
      ),
      insertClaim(claim),
    ),
  settle: (coupon, claim, { before, count, version, at }) =>
    statementWrite(
      before === null ? insertClaim(claim) : updateClaim(claim, before.status),
      ...countOf(count, { coupon, accountId: claim.accountId, version, at }),
    ),
});

/** The cap is kept here and nowhere else: whoever comes too late touches no row, and decides again. */
const TAKE = `UPDATE coupons SET claimed = claimed + 1
  WHERE id = $1 AND status = 'active' AND (cap_total IS NULL OR claimed + 1 < cap_total)`;
/** The last use is told to those who sell, under the version it is kept with. */
const TAKE_LAST = `UPDATE coupons SET claimed = claimed + 1, version = $2, updated_at = $4::text::timestamptz
  WHERE id = $1 AND status = 'active' AND claimed + 1 = cap_total AND version = $3`;
const COUNT_ACCOUNT = `INSERT INTO coupon_accounts (coupon_id, account_id, claimed) VALUES ($1, $2, 1)
  ON CONFLICT (coupon_id, account_id) DO UPDATE SET claimed = coupon_accounts.claimed + 1
  WHERE $3::int IS NULL OR coupon_accounts.claimed < $3::int`;
const GIVE_BACK = `UPDATE coupons SET claimed = claimed - 1
  WHERE id = $1 AND claimed > 0 AND (cap_total IS NULL OR claimed < cap_total)`;
const REOPEN = `UPDATE coupons SET claimed = claimed - 1, version = $2, updated_at = $4::text::timestamptz
  WHERE id = $1 AND claimed = cap_total AND version = $3`;
const UNCOUNT_ACCOUNT =
  'UPDATE coupon_accounts SET claimed = claimed - 1 WHERE coupon_id = $1 AND account_id = $2 AND claimed > 0';
/** Redeemed after it was given up, or deactivated: it counts as far as there is room under the cap. */
const COUNT_LATE = `UPDATE coupons SET claimed = claimed + 1
  WHERE id = $1 AND (cap_total IS NULL OR claimed + 1 < cap_total)`;
const COUNT_LATE_LAST = `UPDATE coupons SET claimed = claimed + 1, version = $2, updated_at = $4::text::timestamptz
  WHERE id = $1 AND claimed + 1 = cap_total AND version = $3`;
/** Nothing to count while it is full: the one thing to make sure of. */
const STAY_FULL = 'UPDATE coupons SET claimed = cap_total WHERE id = $1 AND claimed = cap_total';

type ClaimOf = Parameters<CouponStore['settle']>[1];

const insertClaim = (claim: ClaimOf): Statement =>
  guarded(
    insertRows('coupon_claims', [toClaimRow(claim)], 'ON CONFLICT DO NOTHING'),
    lostRace(`Claim of ${claim.checkoutId}`),
  );

const updateClaim = (claim: ClaimOf, statusBefore: string): Statement => {
  const { checkoutId, ...set } = toClaimRow(claim);
  return updateRow('coupon_claims', { set, where: { checkoutId, status: statusBefore } }, `Claim of ${checkoutId}`);
};

/** An account's own uses are counted whatever the coupon has left: it had them. */
const countOf = (
  count: UseCount,
  of: { readonly coupon: Coupon; readonly accountId: string; readonly version: number; readonly at: Date },
): readonly Statement[] => {
  const { coupon, accountId, version, at } = of;
  const { id } = coupon;
  const counted = (text: string): Statement => guarded({ text, values: [id] }, lostRace(`Coupon ${coupon.code}`));
  const turned = (text: string): Statement =>
    guarded({ text, values: [id, version, coupon.version, at.toISOString()] }, lostRace(`Coupon ${coupon.code}`));
  const given: Statement = { text: UNCOUNT_ACCOUNT, values: [id, accountId] };
  const had: Statement = { text: COUNT_ACCOUNT, values: [id, accountId, null] };
  switch (count) {
    case 'none':
      return [];
    case 'give_back':
      return [counted(GIVE_BACK), given];
    case 'reopen':
      return [turned(REOPEN), given];
    case 'give_back_full':
      return [counted(STAY_FULL), given];
    case 'count':
      return [counted(COUNT_LATE), had];
    case 'count_last':
      return [turned(COUNT_LATE_LAST), had];
    case 'count_full':
      return [counted(STAY_FULL), had];
    default:
      return assertNever(count);
  }
};

const COUPONS_AT_ONCE = 100;

async function* readChanged(client: PrismaClient, since: Date | null): AsyncGenerator<Coupon> {
  const changed = since === null ? {} : { OR: [{ updatedAt: { gte: since } }, { updatedAt: null }] };
  for (let after = ''; ;) {
    const rows = await client.coupon.findMany({
      where: { ...changed, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: COUPONS_AT_ONCE,
    });
    for (const row of rows) yield fromCouponRow(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < COUPONS_AT_ONCE) return;
    after = last.id;
  }
}

const Status = z.enum(CLAIM_STATUSES);

const readUsage = async (client: PrismaClient, ids: readonly string[]): Promise<ReadonlyMap<string, CouponUsage>> => {
  const groups = await client.couponClaim.groupBy({
    by: ['couponId', 'status', 'currency'],
    where: { couponId: { in: [...ids] } },
    _count: { checkoutId: true },
    _sum: { amountMinor: true },
    orderBy: { currency: 'asc' },
  });
  const renewals = await client.couponDiscount.groupBy({
    by: ['couponId', 'currency'],
    where: { couponId: { in: [...ids] } },
    _sum: { amountMinor: true },
  });
  const usageOf = (id: string): CouponUsage => {
    const own = groups.filter(({ couponId }) => couponId === id);
    const count = (status: z.infer<typeof Status>): number =>
      own
        .filter((group) => Status.parse(group.status) === status)
        .reduce((all, { _count }) => all + _count.checkoutId, 0);
    return {
      byStatus: { reserved: count('reserved'), confirmed: count('confirmed'), released: count('released') },
      discounts: addedUp([
        ...own.filter(({ status }) => status === 'confirmed'),
        ...renewals.filter(({ couponId }) => couponId === id),
      ]),
    };
  };
  return new Map(ids.map((id) => [id, usageOf(id)] as const));
};

interface SumInCurrency {
  readonly currency: string | null;
  readonly _sum: { readonly amountMinor: bigint | null };
}

const addedUp = (sums: readonly SumInCurrency[]): CouponUsage['discounts'] => {
  const byCurrency = new Map<string, bigint>();
  for (const { currency, _sum } of sums) {
    if (currency === null) continue;
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0n) + (_sum.amountMinor ?? 0n));
  }
  return [...byCurrency].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => amount(sum, currency));
};

import { insertRows, statementWrite } from '@quittance/database';
import { z } from 'zod';

import { type CouponStore, type CouponUsage } from '../application/coupon-ports.ts';
import { CLAIM_STATUSES } from '../domain/coupon.ts';
import { amount, fromClaimRow, fromCouponRow } from './coupon-rows.ts';
import { type PrismaClient } from './generated/client.ts';

type CouponReport = Pick<CouponStore, 'list' | 'usage' | 'claims' | 'isNewsOf' | 'addDiscount'>;

/** What operators read of coupons, and what is kept for that alone. */
export const makeCouponReport = (client: PrismaClient): CouponReport => ({
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
  isNewsOf: async (couponId, { invoiceId, accountId }) => {
    const uses = await client.couponClaim.findMany({ where: { couponId, accountId }, select: { invoiceId: true } });
    if (uses.length === 0 || uses.some((use) => use.invoiceId === invoiceId)) return false;
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
});

const Status = z.enum(CLAIM_STATUSES);

const readUsage = async (client: PrismaClient, ids: readonly string[]): Promise<ReadonlyMap<string, CouponUsage>> => {
  const groups = await client.couponClaim.groupBy({
    by: ['couponId', 'status', 'currency'],
    where: { couponId: { in: [...ids] } },
    _count: { checkoutId: true },
    _sum: { amountMinor: true },
    orderBy: { currency: 'asc' },
  });
  const later = await readLater(client, ids);
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
        ...later.filter(({ couponId }) => couponId === id),
      ]),
    };
  };
  return new Map(ids.map((id) => [id, usageOf(id)] as const));
};

/**
 * A redemption tells what it took off its own invoice, and that invoice may have been told first: it is left out
 * wherever the two are read together, whichever came first.
 */
const readLater = async (
  client: PrismaClient,
  ids: readonly string[],
): Promise<readonly (SumInCurrency & { readonly couponId: string })[]> => {
  const rows = await client.$queryRaw<{ couponId: string; currency: string; minor: bigint }[]>`
    SELECT coupon_id AS "couponId", currency, sum(amount_minor)::bigint AS minor FROM coupon_discounts AS later
    WHERE coupon_id = ANY(${[...ids]}) AND NOT EXISTS (
      SELECT 1 FROM coupon_claims
      WHERE coupon_id = later.coupon_id AND invoice_id = later.invoice_id AND status = 'confirmed')
    GROUP BY coupon_id, currency`;
  return rows.map(({ minor, ...row }) => ({ ...row, _sum: { amountMinor: minor } }));
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

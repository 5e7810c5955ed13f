import { guarded, insertRows, lostRace, type Statement, statementWrite, updateRow } from '@quittance/database';
import { assertNever } from '@quittance/kernel';

import { type CouponStore } from '../application/coupon-ports.ts';
import { type Coupon, type UseCount } from '../domain/coupon.ts';
import { makeCouponReport } from './coupon-report.ts';
import { fromClaimRow, fromCouponRow, toClaimRow, toCouponRow } from './coupon-rows.ts';
import { type PrismaClient } from './generated/client.ts';

export const makeCouponStore = (client: PrismaClient): CouponStore => ({
  ...makeCouponReport(client),
  find: async (id) => {
    const row = await client.coupon.findUnique({ where: { id } });
    return row && fromCouponRow(row);
  },
  findByCode: async (code) => {
    const row = await client.coupon.findUnique({ where: { code } });
    return row && fromCouponRow(row);
  },
  changedSince: (since) => readChanged(client, since),
  live: (couponId) => client.couponClaim.count({ where: { couponId, status: { not: 'released' } } }),
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

import {
  type Database,
  guarded,
  insertRows,
  lostRace,
  selectFrom,
  statementWrite,
  updateRow,
} from '@quittance/database';
import { z } from 'zod';

import { type CouponClaims, type Coupons, type SubscriptionCoupons } from '../application/index.ts';
import {
  afterCycle,
  CLAIM_STATUSES,
  type Coupon,
  type CouponClaim,
  COUPON_REFUSALS,
  type SubscriptionCoupon,
} from '../domain/coupon.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';
import { Discount, toDiscountJson } from './discount-json.ts';
import {
  type CouponClaim as CouponClaimColumns,
  Prisma,
  type PrismaClient,
  type SubscriptionCoupon as SubscriptionCouponRow,
} from './generated/client.ts';
import { account, amount, id } from './row-values.ts';

const Duration = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once') }),
  z.strictObject({ kind: z.literal('cycles'), cycles: z.int() }),
  z.strictObject({ kind: z.literal('forever') }),
]);

const PlanIds = z.array(z.string().transform((value) => id('pln', value)));

const Document = z.strictObject({
  discount: Discount,
  duration: Duration,
  status: z.enum(['active', 'inactive']),
  exhausted: z.boolean(),
  expiresAt: z.iso
    .datetime()
    .nullable()
    .transform((value) => (value === null ? null : new Date(value))),
  planIds: PlanIds,
  currencies: z.array(z.string()),
});

const toDocument = ({ couponId: _id, code: _code, ...coupon }: Coupon) => ({
  ...coupon,
  discount: toDiscountJson(coupon.discount),
  expiresAt: coupon.expiresAt?.toISOString() ?? null,
});

export const makeCoupons = (client: PrismaClient): Coupons => ({
  findByCode: async (code) => {
    const row = await client.coupon.findUnique({ where: { code } });
    return row && { couponId: id('cpn', row.couponId), code: row.code, ...Document.parse(row.document) };
  },
  store: (coupon, messageVersion) =>
    statementWrite(
      insertRows(
        'coupons',
        [{ couponId: coupon.couponId, code: coupon.code, messageVersion, document: toDocument(coupon) }],
        // An older snapshot that arrives late finds a higher version and changes nothing.
        `ON CONFLICT (coupon_id) DO UPDATE SET message_version = excluded.message_version, document = excluded.document
         WHERE coupons.message_version < excluded.message_version`,
      ),
    ),
});

const Terms = z.strictObject({ discount: Discount, duration: Duration });

const CLAIMS = { table: 'coupon_claims', fields: Prisma.CouponClaimScalarFieldEnum };

const fromRowClaim = (row: CouponClaimColumns): CouponClaim => ({
  checkoutId: id('chk', row.checkoutId),
  accountId: account(row.accountId),
  couponId: id('cpn', row.couponId),
  code: row.code,
  status: z.enum(CLAIM_STATUSES).parse(row.status),
  refusal: row.refusal === null ? null : z.enum(COUPON_REFUSALS).parse(row.refusal),
  discount: amount(row.discountMinor, row.currency),
  terms: { ...Terms.parse(row.terms), planIds: PlanIds.parse(row.planIds) },
});

/** `toInvoice`: the request for an invoice as it will be sent, with the discount taken off. */
export const makeCouponClaims = (
  { client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>,
  toInvoice: (
    message: Extract<SubscriptionMessage, { type: 'open_invoice' }>,
    coupon: { readonly code: string; readonly discount: Parameters<CouponClaims['insert']>[0]['discount'] },
  ) => object,
): CouponClaims => ({
  find: (checkoutId) =>
    read(async (ask) => {
      const [row] = await ask(selectFrom<CouponClaimColumns>(CLAIMS, 'WHERE t.checkout_id = $1', [checkoutId]));
      return row === undefined ? null : fromRowClaim(row);
    }),
  storedInvoice: async (checkoutId) => {
    const row = await client.couponClaim.findUniqueOrThrow({ where: { checkoutId }, select: { invoice: true } });
    return row.invoice;
  },
  insert: (claim, message) =>
    statementWrite(
      insertRows('coupon_claims', [
        {
          checkoutId: claim.checkoutId,
          accountId: claim.accountId,
          couponId: claim.couponId,
          code: claim.code,
          status: claim.status,
          refusal: claim.refusal,
          discountMinor: claim.discount.amountMinor,
          currency: claim.discount.currency,
          terms: { discount: toDiscountJson(claim.terms.discount), duration: claim.terms.duration },
          planIds: claim.terms.planIds,
          invoice: toInvoice(message, claim),
        },
      ]),
    ),
  update: ({ checkoutId, status, refusal }, statusBefore) =>
    statementWrite(
      updateRow(
        'coupon_claims',
        { set: { status, refusal }, where: { checkoutId, status: statusBefore } },
        `The coupon of ${checkoutId}`,
      ),
    ),
});

export const makeSubscriptionCoupons = (client: PrismaClient): SubscriptionCoupons => ({
  find: async (subscriptionId) => {
    const row = await client.subscriptionCoupon.findUnique({ where: { subscriptionId } });
    return row && fromRowSubscriptionCoupon(row);
  },
  findMany: async (subscriptionIds) => {
    const rows = await client.subscriptionCoupon.findMany({ where: { subscriptionId: { in: [...subscriptionIds] } } });
    return new Map(rows.map((row) => [row.subscriptionId, fromRowSubscriptionCoupon(row)]));
  },
  useCycle: (coupon) => {
    const after = afterCycle(coupon);
    const what = `The coupon of ${coupon.subscriptionId}`;
    if (coupon.cyclesLeft === null) return statementWrite();
    if (after === null) return endOf(coupon);
    const where = { subscriptionId: coupon.subscriptionId, cyclesLeft: coupon.cyclesLeft };
    return statementWrite(updateRow('subscription_coupons', { set: { cyclesLeft: after.cyclesLeft }, where }, what));
  },
  end: endOf,
  insert: (coupon) =>
    statementWrite(
      guarded(
        insertRows(
          'subscription_coupons',
          [{ ...coupon, discount: toDiscountJson(coupon.discount) }],
          'ON CONFLICT DO NOTHING',
        ),
        lostRace(`The coupon of ${coupon.subscriptionId}`),
      ),
    ),
});

const END_COUPON =
  'DELETE FROM subscription_coupons WHERE subscription_id = $1 AND cycles_left IS NOT DISTINCT FROM $2::int';

const endOf = ({ subscriptionId, cyclesLeft }: SubscriptionCoupon) =>
  statementWrite(
    guarded({ text: END_COUPON, values: [subscriptionId, cyclesLeft] }, lostRace(`The coupon of ${subscriptionId}`)),
  );

const fromRowSubscriptionCoupon = (row: SubscriptionCouponRow): SubscriptionCoupon => ({
  subscriptionId: id('sub', row.subscriptionId),
  couponId: id('cpn', row.couponId),
  code: row.code,
  discount: Discount.parse(row.discount),
  cyclesLeft: row.cyclesLeft,
  planIds: PlanIds.parse(row.planIds),
});

import { assert, type Id, isAccountId, isId, must } from '@quittance/kernel';
import { type Currency, isCurrency, type Money, money } from '@quittance/money';
import { z } from 'zod';

import { type Claim, CLAIM_STATUSES, type Coupon, type CouponDiscount, type CouponDuration } from '../domain/coupon.ts';
import { type Coupon as CouponColumns, type CouponClaim as ClaimColumns } from './generated/client.ts';

const id = <Prefix extends string>(prefix: Prefix, value: string): Id<Prefix> => {
  assert(isId(prefix, value), `${value} is not an id with ${prefix}_`);
  return value;
};

const currencyOf = (value: string): Currency => {
  assert(isCurrency(value), `${value} is not a currency`);
  return value;
};

export const amount = (amountMinor: bigint, currency: string): Money => money(amountMinor, currencyOf(currency));

const Status = z.enum(['active', 'inactive']);

export const fromCouponRow = (row: CouponColumns): Coupon => ({
  id: id('cpn', row.id),
  code: row.code,
  discount: discountOf(row),
  duration: durationOf(row),
  capTotal: row.capTotal,
  capPerAccount: row.capPerAccount,
  expiresAt: row.expiresAt,
  planIds: row.planIds.map((planId) => id('pln', planId)),
  currencies: row.currencies.map(currencyOf),
  status: Status.parse(row.status),
  claimed: row.claimed,
  version: Number(row.version),
  createdAt: row.createdAt,
});

const discountOf = (row: CouponColumns): CouponDiscount => {
  if (row.discountKind === 'percentage') return { kind: 'percentage', ratePpm: must(row.ratePpm, 'a rate') };
  return { kind: 'fixed', amount: amount(must(row.amountMinor, 'an amount'), must(row.currency, 'a currency')) };
};

const durationOf = ({ durationKind, cycles }: CouponColumns): CouponDuration => {
  if (durationKind === 'cycles') return { kind: 'cycles', cycles: must(cycles, 'cycles') };
  return durationKind === 'forever' ? { kind: 'forever' } : { kind: 'once' };
};

export const toCouponRow = (coupon: Coupon) => {
  const { discount, duration } = coupon;
  const fixed = discount.kind === 'fixed' ? discount.amount : null;
  return {
    id: coupon.id,
    code: coupon.code,
    discountKind: discount.kind,
    ratePpm: discount.kind === 'percentage' ? discount.ratePpm : null,
    amountMinor: fixed?.amountMinor ?? null,
    currency: fixed?.currency ?? null,
    durationKind: duration.kind,
    cycles: duration.kind === 'cycles' ? duration.cycles : null,
    capTotal: coupon.capTotal,
    capPerAccount: coupon.capPerAccount,
    expiresAt: coupon.expiresAt,
    planIds: arrayText(coupon.planIds),
    currencies: arrayText(coupon.currencies),
    status: coupon.status,
    claimed: coupon.claimed,
    version: coupon.version,
    createdAt: coupon.createdAt,
  };
};

/** PostgreSQL's own way to write an array of plain words: ids and currency codes need no quotes. */
const arrayText = (values: readonly string[]): string => `{${values.join(',')}}`;

export const fromClaimRow = (row: ClaimColumns): Claim => {
  const { accountId } = row;
  assert(isAccountId(accountId), `${accountId} is not an account`);
  return {
    checkoutId: id('chk', row.checkoutId),
    couponId: id('cpn', row.couponId),
    accountId,
    status: z.enum(CLAIM_STATUSES).parse(row.status),
    reservedAt: row.reservedAt,
    settledAt: row.settledAt,
    invoiceId: row.invoiceId === null ? null : id('inv', row.invoiceId),
    discount: row.amountMinor === null ? null : amount(row.amountMinor, must(row.currency, 'a currency')),
  };
};

export const toClaimRow = (claim: Claim) => ({
  checkoutId: claim.checkoutId,
  couponId: claim.couponId,
  accountId: claim.accountId,
  status: claim.status,
  reservedAt: claim.reservedAt,
  settledAt: claim.settledAt,
  invoiceId: claim.invoiceId,
  amountMinor: claim.discount?.amountMinor ?? null,
  currency: claim.discount?.currency ?? null,
});

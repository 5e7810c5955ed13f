import { expect } from 'chai';
import { z } from 'zod';

import { httpContracts } from './registry.ts';

const lists = httpContracts.flatMap(({ name, query, answer }) =>
  query instanceof z.ZodObject && query.shape['after'] instanceof z.ZodType
    ? [{ name, after: query.shape['after'], id: idOfItem(answer) }]
    : [],
);

function idOfItem(answer: unknown): z.ZodType | null {
  const data: unknown = answer instanceof z.ZodObject ? answer.shape['data'] : null;
  const item: unknown = data instanceof z.ZodArray ? data.element : null;
  const id: unknown = item instanceof z.ZodObject ? item.shape['id'] : null;
  return id instanceof z.ZodType ? id : null;
}

const ID = '01j8zq4m7e8b2c3d4f5g6h7k01';
const NEVER = ['garbage!', 'gar bage', '-1', `zzz_${ID}`, `zzz_${ID}`.toUpperCase(), '', ' ', '0x1', 'x'.repeat(201)];

const TRAIL = Buffer.from(`2026-03-02T10:00:00.000Z aud_${ID}`).toString('base64url');
/** Opaque, and so only their letters are looked at before they are read. */
const OPAQUE: readonly string[] = ['ListAuditRecords', 'ExportAuditRecords'];

/** The place a list goes on from, as its `nextCursor` gives it. */
const CURSORS: Readonly<Record<string, string>> = {
  ListAuditRecords: TRAIL,
  ExportAuditRecords: TRAIL,
  ListRedemptions: `chk_${ID}`,
  ListCoupons: `cpn_${ID}`,
  ListInvoices: `inv_${ID}`,
  ListPaymentOrders: `ord_${ID}`,
  ListPayments: `pay_${ID}`,
  ListPlanMoves: `mov_${ID}`,
  GetPlanMove: `sub_${ID}`,
  ListPlanVersions: '12',
  ListPlans: `pln_${ID}`,
  ListProducts: `prd_${ID}`,
  ListRenewals: `1772442000000.sub_${ID}`,
  ListSubscriptionChanges: `chg_${ID}`,
  ListSubscriptions: `sub_${ID}`,
};

describe('the cursor of a list', () => {
  it('is known of every list that has pages', () => {
    expect(lists.map(({ name }) => name)).to.have.members(Object.keys(CURSORS));
  });

  it('is an id of what is listed, where it is one', () => {
    const byId = lists.filter(({ name, id }) => id !== null && !OPAQUE.includes(name));

    expect(byId.map(({ name }) => name)).to.include.members(['ListInvoices', 'ListPlanMoves', 'ListSubscriptions']);
    for (const { name, id } of byId) expect(id?.safeParse(CURSORS[name]).success, name).to.equal(true);
  });

  for (const { name, after } of lists) {
    it(`is taken by ${name} as it was given, and nothing else is`, () => {
      const refused = NEVER.filter((text) => !OPAQUE.includes(name) || !/^[\w-]+$/.test(text));

      expect(after.safeParse(CURSORS[name]).success).to.equal(true);
      expect(refused.filter((text) => after.safeParse(text).success)).to.deep.equal([]);
    });
  }
});

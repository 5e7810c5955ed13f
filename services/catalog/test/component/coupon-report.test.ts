/** The report of a coupon: what every invoice took off, once each, and how operators find a coupon. */
import { ConfirmCoupon, GetCoupon, InvoicePaid, ListCoupons, ListPlans, ReserveCoupon } from '@quittance/contracts';
import { type AccountId, type Id, isAccountId, isId, makeNewId, must } from '@quittance/kernel';
import { expect } from 'chai';
import { type z } from 'zod';

import { COUPON_TERMS } from '../builders/plan-document.ts';
import { type RunningCatalog, startCatalog } from '../running-catalog.ts';

const newId = makeNewId(() => Date.now());
const accountOf = (name: string): AccountId => must([name].find(isAccountId), 'account');

type Paid = z.infer<typeof InvoicePaid.data>;

const usd = (amount: number) => ({ amount, currency: 'USD' });

const line = (description: string, amount: number): Paid['lines'][number] => ({
  description,
  quantity: 1,
  unitPrice: usd(amount),
  net: usd(amount),
  tax: usd(0),
  gross: usd(amount),
  taxRatePpm: 0,
  taxReason: 'none',
  period: null,
});

const paidInvoice = (change: Partial<Paid>): Paid => ({
  invoiceId: newId('inv'),
  number: 'QT-2026-000002',
  status: 'paid',
  kind: 'renewal',
  accountId: accountOf('acc_one'),
  productId: newId('prd'),
  subscriptionId: newId('sub'),
  checkoutId: null,
  changeId: null,
  currency: 'USD',
  period: { start: '2026-04-02T09:00:00.000Z', end: '2026-05-02T09:00:00.000Z' },
  lines: [],
  totals: { subtotal: usd(0), tax: usd(0), total: usd(0) },
  issuedAt: '2026-04-02T09:00:00.000Z',
  paidAt: '2026-04-02T09:01:00.000Z',
  payment: null,
  ...change,
});

describe('the report of a coupon', () => {
  let catalog: RunningCatalog;
  let planId: Id<'pln'>;

  before(async () => {
    catalog = await startCatalog();
    const { rows } = await catalog.ground.owner.query<{ id: string }>('SELECT id FROM plans LIMIT 1');
    planId = must(
      rows.map(({ id }) => id).find((id) => isId('pln', id)),
      'a plan',
    );
  });

  after(() => catalog.stop());

  const issue = async (code: string, change: object = {}) => {
    const terms = { ...COUPON_TERMS, capPerAccount: null, duration: { kind: 'forever' }, code, ...change };
    return GetCoupon.answer.parse(await (await catalog.post('/v1/coupons', terms)).json());
  };

  const taken = async (couponId: string) =>
    GetCoupon.answer.parse(await (await catalog.ask(`/v1/coupons/${couponId}`)).json()).usage.discounts;

  const reserved = async (code: string, currency = 'USD') => {
    const { couponId } = await issue(code);
    const use = { checkoutId: newId('chk'), accountId: accountOf('acc_one'), couponId };
    const { ground } = catalog;
    await ground.handled(await ground.send(ReserveCoupon, { data: { ...use, planId, currency } }));
    return use;
  };

  const confirm = async (use: Awaited<ReturnType<typeof reserved>>, invoiceId = newId('inv'), currency = 'USD') => {
    const { ground } = catalog;
    const data = { ...use, invoiceId, discount: { amount: 990, currency } };
    await ground.handled(await ground.send(ConfirmCoupon, { data }));
  };

  const redeemed = async (code: string, currency = 'USD') => {
    const use = await reserved(code, currency);
    await confirm(use, newId('inv'), currency);
    return use.couponId;
  };

  const pay = async (change: Partial<Paid>) => {
    const data = paidInvoice(change);
    await catalog.ground.handled(await catalog.ground.send(InvoicePaid, { data }));
    return data;
  };

  const records = async () => (await catalog.ground.audited()).filter((each) => each === 'coupon.discounted').length;

  it('adds what each renewal took off to what the first invoice did, however often it is told', async () => {
    const couponId = await redeemed('EVERY-MONTH');
    const before = await records();

    const data = await pay({ lines: [line('Pro', 9900), line('Pro – EVERY-MONTH', -990)] });
    await pay({ lines: [line('Pro', 9900), line('Pro – EVERY-MONTH', -990), line('Seat – EVERY-MONTH', -10)] });
    await catalog.ground.handled(await catalog.ground.send(InvoicePaid, { data }));

    // 9.90 + 9.90 + (9.90 + 0.10) = 29.80
    expect(await taken(couponId)).to.deep.equal([usd(2980)]);
    expect((await records()) - before).to.equal(2);
  });

  it('keeps currencies apart', async () => {
    const couponId = await redeemed('TWO-MONEYS', 'EUR');

    await pay({ lines: [line('Pro – TWO-MONEYS', -990)] });

    expect(await taken(couponId)).to.deep.equal([{ amount: 990, currency: 'EUR' }, usd(990)]);
  });

  for (const order of ['after', 'before'] as const) {
    it(`counts a plan change once when its invoice is told ${order} its redemption`, async () => {
      const code = `CHANGE-${order.toUpperCase()}`;
      const use = await reserved(code);
      const invoiceId = newId('inv');
      const told = () => pay({ invoiceId, kind: 'plan_change', lines: [line(`Pro – ${code}`, -990)] });

      if (order === 'before') await told();
      await confirm(use, invoiceId);
      if (order === 'after') await told();
      await pay({ lines: [line(`Pro – ${code}`, -500)] });

      // 9.90 by the change + 5.00 by the renewal after it.
      expect(await taken(use.couponId)).to.deep.equal([usd(1490)]);
    });
  }

  for (const [what, change] of [
    ['the first invoice, which its redemption tells', { kind: 'checkout', lines: [line('Pro – ONLY-ONCE', -990)] }],
    ['an account that never used it', { accountId: accountOf('acc_two'), lines: [line('Pro – ONLY-ONCE', -990)] }],
    ['a line that costs something', { lines: [line('Pro – ONLY-ONCE', 990)] }],
    ['a code that nobody issued', { lines: [line('Pro – NEVER-ISSUED', -990)] }],
  ] as const) {
    it(`does not count ${what}`, async () => {
      const list = ListCoupons.answer.parse(await (await catalog.ask('/v1/coupons?code=ONLY-ONCE')).json());
      const couponId = list.data[0]?.couponId ?? (await redeemed('ONLY-ONCE'));
      const before = await records();

      await pay({ ...change, lines: [...change.lines] });

      expect(await taken(couponId)).to.deep.equal([usd(990)]);
      expect(await records()).to.equal(before);
    });
  }

  it('is found by code, by status and by plan', async () => {
    const other = newestPlanBut(planId, await catalog.ask('/v1/plans?limit=100'));
    const forAll = await issue('FIND-ALL');
    const forPlan = await issue('FIND-PLAN', { planIds: [planId] });
    const forOther = await issue('FIND-OTHER', { planIds: [await other] });
    await catalog.post(`/v1/coupons/${forPlan.couponId}/deactivate`);
    const found = async (query: string) =>
      ListCoupons.answer
        .parse(await (await catalog.ask(`/v1/coupons?limit=100&${query}`)).json())
        .data.map(({ code }) => code)
        .filter((code) => code.startsWith('FIND-'));

    expect(await found('code=FIND-ALL')).to.deep.equal([forAll.code]);
    expect(await found('status=inactive')).to.deep.equal([forPlan.code]);
    expect(await found(`plan=${planId}`)).to.deep.equal([forPlan.code, forAll.code]);
    expect(await found(`plan=${await other}&status=active`)).to.deep.equal([forOther.code, forAll.code]);
    expect((await catalog.ask('/v1/coupons?status=gone')).status).to.equal(400);
  });
});

const newestPlanBut = async (planId: string, answer: Response): Promise<string> => {
  const { data } = ListPlans.answer.parse(await answer.json());
  return must(
    data.find((plan) => plan.planId !== planId),
    'another plan',
  ).planId;
};

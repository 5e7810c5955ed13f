import { randomUUID } from 'node:crypto';

import {
  CancelSubscription,
  ChangeSubscription,
  CreateCoupon,
  GetBalanceDue,
  ListInvoices,
  PreviewSubscriptionChange,
} from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { until, type Wish } from '@quittance/local';
import { expect } from 'chai';

import { startTimedGround, type Subscriber, type TimedGround } from '../support/timed-ground.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** 10.00 and 20.00 a month, counted by months of 30 days; in France 20 % are due on top. */
const BASIC: Wish = { product: 'assistant', plan: 'basic', interval: 'month', currency: 'USD', country: 'FR' };
const STANDARD: Wish = { ...BASIC, plan: 'standard' };

const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('what is below the provider’s minimum, in one process over PostgreSQL', function () {
  this.timeout(120_000);
  let ground: TimedGround;

  before(async () => {
    ground = await startTimedGround({ rabbitUrl: null, processes: false });
  });
  afterEach(() => ground.untilSound());
  after(() => ground.stop());

  const moveTo = async (to: string | number): Promise<void> => {
    await ground.clock.advance({ to: new Date(to).toISOString() });
  };
  const endOf = async (subscriber: Subscriber): Promise<number> => {
    const { currentPeriod } = await ground.read(subscriber);
    return Date.parse(must(currentPeriod?.end, 'the end of the period'));
  };
  const owedBy = async ({ token }: Subscriber) => (await ground.shopper.call(GetBalanceDue, { token, query: {} })).data;
  const rawInvoicesOf = async ({ token }: Subscriber) => {
    const { data } = await ground.shopper.call(ListInvoices, { token, query: { limit: '100' } });
    return data.toSorted((a, b) => (a.period.start < b.period.start ? -1 : 1));
  };

  it('a coupon leaves 0.20 of a renewal, and the next renewal collects both', async () => {
    await moveTo('2027-04-01T10:00:00.000Z');
    const coupon = await issued(983);
    const subscriber = await ground.buy({ ...STANDARD, coupon });
    await ground.change(subscriber, { planId: await ground.shopper.planId(BASIC) });

    // The free days of the downgrade, and then the first renewal on Basic.
    await moveTo((await endOf(subscriber)) + MINUTE_MS);
    await moveTo((await endOf(subscriber)) + MINUTE_MS);
    const afterFirst = {
      owed: await owedBy(subscriber),
      charges: await ground.chargesOf(subscriber),
      status: (await ground.read(subscriber)).status,
      access: await ground.accessOf(subscriber, BASIC.product),
    };
    await moveTo((await endOf(subscriber)) + MINUTE_MS);

    // Standard: 20.00 − 9.83 = 10.17, and 20 % of it is 2.034 → 2.03. Basic: 10.00 − 9.83 = 0.17, and 0.034 → 0.03.
    expect(afterFirst.charges).to.deep.equal([1220]);
    expect(afterFirst.owed).to.deep.equal([{ due: usd(20), carried: usd(20) }]);
    expect(afterFirst).to.deep.include({
      status: 'active',
      access: { allowed: true, reason: 'entitled', plan: 'basic', limit: 2000 },
    });
    // Full price again: 10.00 + 2.00, and the 0.20.
    expect(await ground.chargesOf(subscriber)).to.deep.equal([1220, 1220]);
    expect(await owedBy(subscriber)).to.deep.equal([]);
    const [, carried, collecting] = await rawInvoicesOf(subscriber);
    expect(carried).to.deep.include({ status: 'paid', carriedTo: collecting?.id, amountDue: usd(0) });
    expect(carried?.totals.total).to.deep.equal(usd(20));
    expect(collecting?.lines.at(-1)).to.deep.include({
      description: `Carried over from invoice ${carried?.number}`,
      gross: usd(20),
      tax: usd(0),
      carriedFrom: carried?.id,
    });
    expect(collecting?.totals).to.deep.equal({ subtotal: usd(1020), tax: usd(200), total: usd(1220) });
  });

  it('an upgrade on the last day says “nothing now”, applies at once and comes with the next renewal', async () => {
    await moveTo('2027-09-01T10:00:00.000Z');
    const subscriber = await ground.buy(BASIC);
    const end = await endOf(subscriber);
    await moveTo(end - DAY_MS);
    const { token, id } = subscriber;
    const planId = await ground.shopper.planId(STANDARD);

    const preview = await ground.shopper.call(PreviewSubscriptionChange, { token, params: { id }, body: { planId } });
    const { change, subscription, checkout } = await ground.shopper.call(ChangeSubscription, {
      token,
      params: { id },
      idempotencyKey: randomUUID(),
      body: {
        planId,
        quote: preview.quote,
        successUrl: 'https://shop.example/return',
        cancelUrl: 'https://shop.example/cancelled',
      },
    });

    // 1 ÷ 30 × (20.00 − 10.00) = 0.33: 0.66 and 20 % of it (0.13), less 0.33 and 20 % of it (0.07)
    expect(preview.dueNow?.lines.map(({ gross }) => gross.amount)).to.have.members([79, -40]);
    expect(preview.dueNow).to.deep.include({ total: usd(39), payNow: usd(0), carried: usd(39) });
    expect(checkout).to.deep.include({ status: 'completed', payUrl: null, dueNow: preview.dueNow });
    expect(change).to.include({ kind: 'upgrade', status: 'applied' });
    expect(subscription).to.include({ planKey: 'standard', status: 'active' });
    expect(await ground.chargesOf(subscriber)).to.deep.equal([1200]);

    await moveTo(end + MINUTE_MS);

    // 20.00 + 4.00 + 0.39
    expect(preview.nextCharge).to.deep.include({ total: usd(2439), payNow: usd(2439), carried: usd(0) });
    expect(await ground.chargesOf(subscriber)).to.deep.equal([1200, 2439]);
    expect(await owedBy(subscriber)).to.deep.equal([]);
  });

  it('what is carried when a subscription is cancelled stays the account’s balance due', async () => {
    await moveTo('2028-01-01T10:00:00.000Z');
    const customer = await ground.newCustomer();
    const coupon = await issued(983);
    const begun = await until(
      'the coupon reaches the checkout',
      () => ground.shopper.checkout(customer.token, { ...BASIC, coupon }).catch(() => null),
      { enough: (answer) => answer !== null, everyMs: 200 },
    );
    const session = must(begun, 'a checkout');
    const subscriber = { ...customer, id: session.subscriptionId };
    const end = await endOf(subscriber);

    const { token, id } = subscriber;
    await ground.shopper.call(CancelSubscription, { token, params: { id }, body: { when: 'period_end' } });
    await moveTo(end + MINUTE_MS);

    expect(session).to.include({ status: 'completed', payUrl: null });
    expect(session.dueNow).to.deep.include({ total: usd(20), payNow: usd(0), carried: usd(20) });
    expect(await ground.read(subscriber)).to.include({ status: 'cancelled', nextCharge: null });
    expect(await owedBy(subscriber)).to.deep.equal([{ due: usd(20), carried: usd(20) }]);
    expect((await ground.shopper.billing(customer.token)).balanceDue.data).to.deep.equal([
      { due: usd(20), carried: usd(20) },
    ]);
    expect(await ground.chargesOf(subscriber)).to.deep.equal([]);
  });

  /** So much off the first two invoices. */
  const issued = async (amountMinor: number): Promise<string> => {
    const code = `LITTLE-${randomUUID().slice(0, 8).toUpperCase()}`;
    await ground.shopper.call(CreateCoupon, {
      token: ground.finance,
      idempotencyKey: randomUUID(),
      body: {
        code,
        discount: { kind: 'fixed', amount: usd(amountMinor) },
        duration: { kind: 'cycles', cycles: 2 },
        capTotal: null,
        capPerAccount: null,
        expiresAt: null,
        planIds: [],
        currencies: [],
      },
    });
    return code;
  };
});

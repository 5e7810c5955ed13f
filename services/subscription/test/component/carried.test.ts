import {
  ApiCheckoutSession,
  ApiSubscription,
  ApiSubscriptionChange,
  InvoiceCarried,
  InvoiceCollectionFailed,
  InvoicePaid,
  InvoiceVoided,
  OrderFailed,
} from '@quittance/contracts';
import { type AccountId, type Id, must } from '@quittance/kernel';
import { expect } from 'chai';
import { z } from 'zod';

import { invoiceDrafted, invoicePaid, invoiceVoided, orderFacts, PRO, PRODUCT } from '../fixtures.ts';
import { anAccount, customer, subscriptionFor, TEAM, teamFor } from '../running-subscription.ts';

const LATER_INVOICE = 'inv_01j8zq4m7e8b2c3d4f5g6h7k02';
const usd = (amount: number) => ({ amount, currency: 'USD' });

const Committed = z.object({
  change: ApiSubscriptionChange,
  subscription: ApiSubscription,
  checkout: ApiCheckoutSession.nullable(),
});

type Sale = Parameters<typeof invoiceDrafted>[0];

/** 0.10 without tax, too little for the rail. */
const invoiceCarried = (sale: Sale, overrides: object = {}) => {
  const draft = invoiceDrafted(sale);
  const line = must(draft.lines[0], 'a line');
  const { start } = draft.period;
  return InvoiceCarried.data.parse({
    ...draft,
    number: 'QT-2026-000001',
    status: 'carried',
    lines: [{ ...line, unitPrice: usd(10), net: usd(10), tax: usd(0), gross: usd(10), taxRatePpm: 0 }],
    totals: { subtotal: usd(10), tax: usd(0), total: usd(10) },
    issuedAt: start,
    ...overrides,
  });
};

/** The same invoice, once its amount came with another one. */
const paidLater = (carried: z.infer<typeof InvoiceCarried.data>) =>
  InvoicePaid.data.parse({
    ...carried,
    status: 'paid',
    paidAt: '2026-05-02T09:00:00.000Z',
    carriedTo: LATER_INVOICE,
    payment: null,
  });

describe('what is too little to collect, at subscription', () => {
  const suite = subscriptionFor([teamFor(9910)]);

  const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };
  const beginCheckout = (account: AccountId, wish: object = {}) =>
    suite.ask('/v1/checkout-sessions', {
      as: customer(account),
      body: { planId: PRO.planId, interval: 'month', currency: 'USD', ...urls, ...wish },
    });
  const checkoutOf = async (account: AccountId, id: string) =>
    ApiCheckoutSession.parse((await suite.ask(`/v1/checkout-sessions/${id}`, { as: customer(account) })).body);
  const told = async (
    definition: Parameters<typeof suite.ground.send>[0],
    data: Readonly<Record<string, unknown>>,
    id?: string,
  ) =>
    suite.ground.handled(
      await suite.ground.send(definition, { version: 1, data, ...(id === undefined ? {} : { id }) }),
    );
  const documentsOf = async (account: AccountId) =>
    (await suite.ground.sent('entitlements.changed.v1')).filter(({ data }) => data['accountId'] === account);

  /** Bought for 0.10, which was carried. */
  const boughtForLittle = async (account: AccountId) => {
    const answer = beginCheckout(account);
    const { period, ...requested } = await suite.requested(account, 'checkout');
    const sale = { ...requested, accountId: account };
    const { checkoutId, subscriptionId } = sale;
    const carried = invoiceCarried({ checkoutId, subscriptionId, accountId: account }, { period });
    await told(InvoiceCarried, carried, `carried:${checkoutId}`);
    return { carried, period, checkoutId, subscriptionId, answer: await answer };
  };

  it('a checkout is complete and its plan active at once, and the answer says what is carried', async () => {
    const account = anAccount();

    const { answer, carried, checkoutId } = await boughtForLittle(account);
    await told(InvoiceCarried, carried, `again:${checkoutId}`);

    expect(answer.status).to.equal(201);
    const session = ApiCheckoutSession.parse(answer.body);
    expect(session).to.deep.include({ status: 'completed', subscriptionStatus: 'active', payUrl: null, failure: null });
    expect(session.invoiceId).to.equal(carried.invoiceId);
    expect(session.dueNow).to.deep.include({ total: usd(10), payNow: usd(0), carried: usd(10) });
    expect((await checkoutOf(account, checkoutId)).dueNow).to.deep.equal(session.dueNow);
    expect(await documentsOf(account)).to.have.lengthOf(1);
  });

  it('an upgrade takes effect at once, and the answer shows it applied', async () => {
    const account = anAccount();
    const id = await suite.buy(account);

    const asked = suite.ask(`/v1/subscriptions/${id}/change`, {
      as: customer(account),
      body: { planId: TEAM.planId, ...urls },
    });
    const { checkoutId, changeId } = await suite.requested(account, 'plan_change');
    const sale = { checkoutId, subscriptionId: id, accountId: account };
    await told(InvoiceCarried, invoiceCarried(sale, { kind: 'plan_change', changeId }));

    const { status, body } = await asked;
    expect(status).to.equal(200);
    const { change, subscription, checkout } = Committed.parse(body);
    expect(change).to.include({ status: 'applied', kind: 'upgrade' });
    expect(subscription).to.include({ planKey: 'team', status: 'active' });
    expect(checkout).to.include({ status: 'completed' });
    expect(checkout?.dueNow).to.deep.include({ payNow: usd(0), carried: usd(10) });
  });

  it('a renewal begins its period, once, and what it takes over is no part of its price', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const { end: start } = must((await suite.read(account, id)).currentPeriod, 'a period');
    const period = { start: must(start, 'its end'), end: '2026-05-02T09:00:00.000Z' };
    const sale = { checkoutId: null, subscriptionId: id, accountId: account };
    const renewal = { kind: 'renewal', period };
    const [line] = invoiceCarried(saleOf(sale)).lines;
    const own = { ...must(line, 'a line'), unitPrice: usd(9900), net: usd(9900), tax: usd(1980), gross: usd(11880) };
    const lines = [
      { ...own, taxRatePpm: 200_000 },
      { ...must(line, 'a line'), description: 'Carried over', carriedFrom: LATER_INVOICE },
    ];

    const carried = { ...invoiceCarried(saleOf(sale), renewal), ...sale, lines };
    await told(InvoiceCarried, carried, `renewal:${id}`);
    await told(InvoiceCarried, carried, `renewal-again:${id}`);

    const after = await suite.read(account, id);
    expect(after).to.deep.include({ status: 'active', currentPeriod: period });
    // 99.00 + 20 %, as before: the 0.10 of an earlier invoice does not come every month.
    expect(after.nextCharge?.amount).to.deep.equal(usd(11880));
    expect(await documentsOf(account)).to.have.lengthOf(2);
  });

  it('that its amount came later is no news, whatever became of the subscription since', async () => {
    const account = anAccount();
    const { carried, period, subscriptionId } = await boughtForLittle(account);
    const missed = {
      invoiceId: LATER_INVOICE,
      number: 'QT-2026-000002',
      kind: 'renewal' as const,
      accountId: account,
      productId: PRODUCT,
      subscriptionId,
      changeId: null,
      period: { start: period.end, end: '2026-05-02T09:00:00.000Z' },
      total: usd(9910),
      attempt: 1,
      reason: 'card_declined' as const,
      failedAt: period.end,
    };
    await told(InvoiceCollectionFailed, missed);
    expect(await suite.read(account, subscriptionId)).to.include({ status: 'past_due' });

    await told(InvoicePaid, paidLater(carried), `late:${subscriptionId}`);

    // Activating would have begun the first period again, and forgiven the missed one.
    expect(await suite.read(account, subscriptionId)).to.include({ status: 'past_due' });
    expect(await documentsOf(account)).to.have.lengthOf(2);
  });

  const opening = async (account: AccountId, wish: object = {}) => {
    const answer = beginCheckout(account, wish);
    const { checkoutId, subscriptionId } = await suite.requested(account, 'checkout');
    return { answer, sale: { checkoutId, subscriptionId, accountId: account } };
  };
  const FAILURE = { code: 'payments_card.provider_refused', message: 'Stripe refused to open the payment page.' };

  for (const voidedFirst of [true, false]) {
    it(`a failed checkout says why, ${voidedFirst ? 'also when its draft was voided first' : 'and keeps saying it'}`, async () => {
      const { answer, sale } = await opening(anAccount());
      const voided = { ...invoiceVoided(sale), reason: 'order_failed' as const };

      if (voidedFirst) await told(InvoiceVoided, voided);
      await told(OrderFailed, { ...orderFacts(sale), ...FAILURE });
      if (!voidedFirst) await told(InvoiceVoided, voided);

      const session = ApiCheckoutSession.parse((await answer).body);
      expect(session).to.deep.include({ status: 'failed', subscriptionStatus: 'expired', failure: FAILURE });
      expect(await checkoutOf(sale.accountId, sale.checkoutId)).to.deep.include({ failure: FAILURE });
    });
  }

  it('money that comes after all overrules the failure and its reason', async () => {
    const { sale } = await opening(anAccount());
    await told(OrderFailed, { ...orderFacts(sale), ...FAILURE });

    await told(InvoicePaid, invoicePaid(sale));

    const session = await checkoutOf(sale.accountId, sale.checkoutId);
    expect(session).to.deep.include({ status: 'completed', failure: null });
  });
});

/** The fixtures make checkouts; a renewal has none. */
const saleOf = (sale: { readonly subscriptionId: Id<'sub'>; readonly accountId: AccountId }): Sale => ({
  ...sale,
  checkoutId: 'chk_01j8zq4m7e8b2c3d4f5g6h7k01',
});

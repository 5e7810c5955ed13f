import { randomUUID } from 'node:crypto';

import {
  CancelSubscription,
  ChangeSubscription,
  DowngradeFormerSubscription,
  GetSubscription,
  ListInvoices,
  PreviewSubscriptionChange,
  ResumeSubscription,
  SetFormerSubscriptionStatus,
  StartTrial,
  UpgradeFormerSubscription,
} from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { CARDS, makeShopper, type RunningSuite, type Shopper, until } from '@quittance/local';
import { expect } from 'chai';

import { codeOf } from '../support/code-of.ts';
import { type PrivateSuiteOptions, startPrivateSuite } from '../support/private-suite.ts';

/** The same suite of journeys over every transport. */
export const describePlanChanges = (name: string, options: PrivateSuiteOptions): void => {
  describe(`changing a plan, ${name}`, () => planChanges(options));
};

const planChanges = (options: PrivateSuiteOptions): void => {
  let suite: RunningSuite;
  let shopper: Shopper;

  before(async function () {
    this.timeout(120_000);
    suite = await startPrivateSuite(options);
    shopper = makeShopper(suite.facts);
  });
  after(async () => {
    await suite.stop();
  });

  const pro = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD', country: 'FR' } as const;
  const urls = () => ({
    successUrl: `${suite.facts.gatewayUrl}/checkout/return`,
    cancelUrl: `${suite.facts.gatewayUrl}/checkout/cancelled`,
  });

  /** Pays for Pro by the month in France, where 20 % are due. */
  const bought = async () => {
    const token = await shopper.customerToken(`acc_${randomUUID().slice(0, 8)}`);
    const session = await until(
      'the catalogue reaches the checkout',
      () => shopper.checkout(token, pro).catch(() => null),
      (answer) => answer !== null,
    );
    await shopper.pay(must(session?.payUrl, 'a page to pay at'), CARDS.succeeds);
    const id = must(session?.subscriptionId, 'subscription');
    await active(token, id);
    return { token, id };
  };
  const read = (token: string, id: string) => shopper.call(GetSubscription, { token, params: { id } });
  const active = (token: string, id: string) =>
    until(
      'the subscription',
      () => read(token, id).catch(() => null),
      (now) => now?.status === 'active',
    );

  it('bills what the preview said, tax included, and leaves what it promised', async () => {
    const { token, id } = await bought();
    const body = { interval: 'year' } as const;
    const preview = await shopper.call(PreviewSubscriptionChange, { token, params: { id }, body });

    const { checkout, change } = await shopper.call(ChangeSubscription, {
      token,
      params: { id },
      body: { ...body, quote: preview.quote, ...urls() },
      idempotencyKey: randomUUID(),
    });
    const session = must(checkout, 'a checkout');
    const open = session.status === 'opening' ? await shopper.checkoutSession(token, session.id, '5s') : session;
    await shopper.pay(must(open.payUrl, 'a page to pay at'), CARDS.succeeds);

    const after = await until(
      'the switch',
      () => read(token, id),
      (now) => now.interval === 'year',
    );
    expect(change).to.include({ kind: 'interval_switch', status: 'awaiting_payment' });
    expect(open.dueNow).to.deep.equal(preview.dueNow);
    expect(preview.dueNow?.lines.every(({ taxRatePpm }) => taxRatePpm === 200_000)).to.equal(true);
    expect(after.currentPeriod).to.deep.equal(preview.afterwards.currentPeriod);
    expect(after.nextCharge).to.deep.equal({
      at: preview.afterwards.renewsAt,
      amount: preview.nextCharge?.total,
      withTax: true,
    });
    const { data } = await shopper.call(ListInvoices, { token, query: {} });
    expect(data[0]).to.deep.include({ kind: 'plan_change', status: 'paid', totals: totalsOf(preview) });
  });

  it('goes down at the end of the period, cancels and resumes without a trace', async () => {
    const { token, id } = await bought();

    const before = await read(token, id);
    const cancelled = await shopper.call(CancelSubscription, { token, params: { id }, body: { when: 'period_end' } });
    const resumed = await shopper.call(ResumeSubscription, { token, params: { id } });
    const former = await shopper.call(DowngradeFormerSubscription, { token, body: { plan: 'free' } });
    const again = await shopper.call(DowngradeFormerSubscription, { token, body: { plan: 'free' } });

    expect(cancelled).to.include({ cancelAtPeriodEnd: true, nextCharge: null });
    expect({ ...resumed, version: 0 }).to.deep.equal({ ...before, version: 0 });
    expect(former).to.include({ status: 'scheduled', url: null, effectiveAt: before.currentPeriod?.end });
    expect(again).to.deep.equal(former);
  });

  it('answers the former upgrade with a page to pay at, and a client’s retry with the same one', async () => {
    const { token } = await bought();
    const upgrade = (successUrl: string) =>
      shopper.call(UpgradeFormerSubscription, {
        token,
        body: { plan: 'pro', interval: 'yearly', ...urls(), successUrl },
      });

    const [here, there] = ['https://app.example/a', 'https://app.example/b'];
    const former = await upgrade(here);
    const again = await upgrade(here);
    const otherwise = await upgrade(there);
    const back = await upgrade(here);

    expect(former.status).to.equal('awaiting_payment');
    expect(former.url).to.match(/^http/);
    expect(again).to.deep.equal(former);
    // Another wish takes its place; asked for once more, the first one is a new change with a page of its own.
    expect(new Set([former, otherwise, back].map(({ changeId }) => changeId)).size).to.equal(3);
    expect(new Set([former, otherwise, back].map(({ url }) => url)).size).to.equal(3);
    expect(await upgrade(here)).to.deep.equal(back);
  });

  it('refuses the former upgrade to less and the former downgrade to more', async () => {
    const { token, id } = await bought();
    const before = await read(token, id);
    const asked = [
      shopper.call(UpgradeFormerSubscription, { token, body: { plan: 'free', ...urls() } }),
      shopper.call(DowngradeFormerSubscription, { token, body: { plan: 'pro', interval: 'yearly' } }),
      shopper.call(DowngradeFormerSubscription, { token, body: { plan: 'enterprise' } }),
    ];

    expect(await Promise.all(asked.map(codeOf))).to.deep.equal([
      'gateway.not_an_upgrade',
      'gateway.not_a_downgrade',
      'gateway.not_a_downgrade',
    ]);
    expect(await read(token, id)).to.deep.equal(before);
  });

  it('denies at every reader the moment an operator suspends, by the path their tools know', async () => {
    const { token, id } = await bought();
    const operator = await shopper.token('finance');
    const service = await shopper.token('whatsapp-qr');
    const { accountId } = await read(token, id);
    const check = () => shopper.check(service, { account: accountId, product: 'automation' });
    await until('the entitlement', check, ({ allowed }) => allowed);

    await shopper.call(SetFormerSubscriptionStatus, {
      token: operator,
      params: { id },
      body: { status: 'suspended', reason: 'A dispute.' },
    });
    const denied = await until('the suspension', check, ({ allowed }) => !allowed);
    await shopper.call(SetFormerSubscriptionStatus, {
      token: operator,
      params: { id },
      body: { status: 'active', reason: 'Settled.' },
    });

    expect(denied.reason).to.equal('suspended');
    await until('the reinstatement', check, ({ allowed }) => allowed);
  });

  it('tries Pro without a card and pays for it while the trial lasts', async () => {
    const token = await shopper.customerToken(`acc_${randomUUID().slice(0, 8)}`);
    const planId = await shopper.planId(pro);
    const trial = await shopper.call(StartTrial, {
      token,
      body: { planId, currency: 'USD', country: 'FR' },
      idempotencyKey: randomUUID(),
    });
    const { checkout } = await shopper.call(ChangeSubscription, {
      token,
      params: { id: trial.id },
      body: { ...urls() },
      idempotencyKey: randomUUID(),
    });
    const session = must(checkout, 'a checkout');
    const open = session.status === 'opening' ? await shopper.checkoutSession(token, session.id, '5s') : session;
    await shopper.pay(must(open.payUrl, 'a page to pay at'), CARDS.succeeds);

    const after = await active(token, trial.id);

    expect(trial).to.include({ status: 'trialing', nextCharge: null });
    expect(after?.currentPeriod?.start).to.equal(trial.trialEnd);
  });
};

const totalsOf = ({ dueNow }: { readonly dueNow: { subtotal: unknown; tax: unknown; total: unknown } | null }) => ({
  subtotal: dueNow?.subtotal,
  tax: dueNow?.tax,
  total: dueNow?.total,
});

import { randomUUID } from 'node:crypto';

import { CreateFormerAppCheckout, CreateFormerCheckout, GetSubscriptionStatus } from '@quittance/contracts';
import { CARDS, until } from '@quittance/local';
import { expect } from 'chai';
import { Stripe } from 'stripe';
import { z } from 'zod';

import { codeOf } from '../support/code-of.ts';
import { type Shop } from '../support/shop.ts';

/** The same calls of the former API over every transport. */
export const describeFormerApi = (shop: Shop): void => {
  describe('the former billing API', function () {
    this.timeout(60_000);
    formerApi(shop);
  });
};

const formerApi = ({ suite, shopper }: Shop): void => {
  const former = (token: string, body: unknown) => shopper().call(CreateFormerAppCheckout, { token, body });
  const statusOf = (token: string) => shopper().call(GetSubscriptionStatus, { token });
  const buyer = () => shopper().customerToken(`acc_${randomUUID().slice(0, 8)}`);

  it('sells Pro for a year at the price of the platform, and says so afterwards', async () => {
    const token = await buyer();
    const before = await statusOf(token);

    const { url, sessionId } = await former(token, { plan: 'pro', interval: 'yearly' });
    const session = await shopper().checkoutSession(token, sessionId);
    await shopper().pay(url, CARDS.succeeds);

    const now = await until(
      'the subscription',
      () => statusOf(token),
      ({ status }) => status === 'active',
    );
    expect(before).to.include({ status: 'none', tier: null, subscriptionId: null });
    expect(session.dueNow?.subtotal).to.deep.equal({ amount: 99_000, currency: 'USD' });
    expect(now).to.include({ tier: 'pro', interval: 'yearly', cancelAtPeriodEnd: false });
    expect(now.currentPeriodEnd).to.equal(session.renewsAt);
  });

  it('gives the same open checkout for the same wish, under both paths', async () => {
    const token = await buyer();

    const first = await former(token, { plan: 'pro' });
    const second = await shopper().call(CreateFormerCheckout, { token, body: { plan: 'pro', interval: 'monthly' } });

    expect(second).to.deep.equal(first);
  });

  it('says that it is deprecated, and what takes its place', async () => {
    const token = await buyer();

    const answer = await shopper().request('/api/stripe/create-checkout', {
      method: 'POST',
      token,
      headers: { 'content-type': 'application/json' },
      body: { plan: 'pro' },
    });

    expect(answer.status).to.equal(200);
    expect(answer.headers.get('deprecation')).to.match(/^@\d+$/);
    expect(answer.headers.get('link')).to.equal('</v1/checkout-sessions>; rel="successor-version"');
  });

  it('sends the buyer of the free plan where the caller said', async () => {
    const token = await buyer();
    const urls = {
      successUrl: 'https://app.example/done?s={CHECKOUT_SESSION_ID}',
      cancelUrl: 'https://app.example/no',
    };

    const { url, sessionId } = await former(token, { plan: 'free', ...urls });

    expect(url).to.equal(`https://app.example/done?s=${sessionId}`);
    expect(await statusOf(token)).to.include({ status: 'active', tier: 'free' });
  });

  it('does not sell Enterprise, in the words of the platform', async () => {
    const answer = await shopper().request('/api/stripe/create-checkout-app', {
      method: 'POST',
      token: await buyer(),
      headers: { 'content-type': 'application/json' },
      body: { plan: 'enterprise' },
    });

    const problem: unknown = await answer.json();
    expect(problem).to.include({ status: 422, code: 'subscription.plan_not_for_sale' });
    expect(problem).to.have.property('remedy').that.includes('contact_sales');
  });

  it('serves own accounts alone: no account can be named, operators and services have none', async () => {
    const [customer, finance, service] = await Promise.all([
      buyer(),
      shopper().token('finance'),
      shopper().token('whatsapp-qr'),
    ]);
    const asked = [
      shopper().call(GetSubscriptionStatus, { token: customer, query: { account: 'acc_first' } }),
      former(customer, { plan: 'pro', accountId: 'acc_first' }),
      statusOf(finance),
      statusOf(service),
      former(finance, { plan: 'pro' }),
    ];

    const codes = await Promise.all(asked.map(codeOf));

    const forbidden = 'platform.forbidden';
    const invalid = 'platform.invalid_request';
    expect(codes).to.deep.equal([invalid, invalid, forbidden, forbidden, forbidden]);
  });

  it('takes Stripe’s events byte for byte, and refuses a changed one', async () => {
    const event = ` { "id": "evt_${randomUUID()}", "object": "event", "type": "customer.created", "livemode": false,\n
      "created": ${Math.floor(Date.now() / 1000)}, "data": { "object": { "id": "cus_1", "object": "customer" } } }`;
    const secret = suite().facts.secrets.stripeWebhookSecret;
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: event, secret });
    const send = async (body: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
      const url = `${suite().facts.gatewayUrl}/api/stripe/webhook`;
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };

    expect(await send(event)).to.equal(200);
    expect(await send(event.trim())).to.equal(400);
  });

  it('follows what Stripe renews by its five events, sent to the path they always came by', async () => {
    const account = `acc_${randomUUID().slice(0, 8)}`;
    const token = await shopper().customerToken(account);
    const stripe = async (path: string, body: object) => {
      const url = `${suite().facts.sandboxUrl}/_sandbox/stripe/${path}`;
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return z.looseObject({ id: z.string().optional() }).parse(await response.json());
    };
    await stripe('webhooks', { urls: [`${suite().facts.gatewayUrl}/api/stripe/webhook`] });
    const untilStatus = (what: string, enough: (status: FormerStatus) => boolean) =>
      until(what, () => statusOf(token), enough);

    // checkout.session.completed
    const metadata = { account, product: 'automation', plan: 'pro' };
    const { id } = await stripe('subscriptions', { metadata, amount: 4900, currency: 'usd', interval: 'month' });
    const happens = (event: string) => stripe(`subscriptions/${String(id)}`, { event });
    const sold = await untilStatus('the sale', ({ status }) => status === 'active');
    // invoice.payment_succeeded, and customer.subscription.updated with each of these
    await happens('renew');
    const renewed = await untilStatus(
      'the renewal',
      ({ currentPeriodStart }) => currentPeriodStart === sold.currentPeriodEnd,
    );
    // invoice.payment_failed
    await happens('fail');
    const failed = await untilStatus('the failure', ({ status }) => status === 'past_due');
    await happens('renew');
    await untilStatus('the payment after all', ({ status }) => status === 'active');
    // customer.subscription.updated alone
    await happens('cancel_at_period_end');
    const ending = await untilStatus('the wish to end', ({ cancelAtPeriodEnd }) => cancelAtPeriodEnd);
    // customer.subscription.deleted
    await happens('cancel');
    const ended = await untilStatus('the end', ({ status }) => status === 'cancelled');

    expect(sold).to.include({ tier: 'pro', interval: 'monthly', cancelAtPeriodEnd: false });
    expect(renewed).to.include({ status: 'active', subscriptionId: sold.subscriptionId });
    expect(failed).to.include({ tier: 'pro', subscriptionId: sold.subscriptionId });
    expect(ending).to.include({ status: 'active' });
    expect(ended).to.include({ subscriptionId: sold.subscriptionId });
  });
};

type FormerStatus = z.output<typeof GetSubscriptionStatus.answer>;

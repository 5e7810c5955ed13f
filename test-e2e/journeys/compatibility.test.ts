import { randomUUID } from 'node:crypto';

import { CreateFormerAppCheckout, CreateFormerCheckout, GetSubscriptionStatus } from '@quittance/contracts';
import { ApiProblem, CARDS, makeShopper, type RunningSuite, type Shopper, until } from '@quittance/local';
import { expect } from 'chai';
import { Stripe } from 'stripe';

import { startPrivateSuite } from '../support/private-suite.ts';

describe('the former billing API', function () {
  this.timeout(60_000);
  let suite: RunningSuite;
  let shopper: Shopper;

  before(async function () {
    this.timeout(120_000);
    suite = await startPrivateSuite({ rabbitUrl: null, processes: false });
    shopper = makeShopper(suite.facts);
    const token = await shopper.customerToken('acc_first');
    await until(
      'the catalogue reaches the checkout',
      () => former(token, { plan: 'free' }).catch(() => null),
      (answer) => answer !== null,
    );
  });

  after(async () => {
    await suite.stop();
  });

  const former = (token: string, body: unknown) => shopper.call(CreateFormerAppCheckout, { token, body });
  const statusOf = (token: string) => shopper.call(GetSubscriptionStatus, { token });
  const buyer = () => shopper.customerToken(`acc_${randomUUID().slice(0, 8)}`);

  it('sells Pro for a year at the price of the platform, and says so afterwards', async () => {
    const token = await buyer();
    const before = await statusOf(token);

    const { url, sessionId } = await former(token, { plan: 'pro', interval: 'yearly' });
    const session = await shopper.checkoutSession(token, sessionId);
    await shopper.pay(url, CARDS.succeeds);

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
    const second = await shopper.call(CreateFormerCheckout, { token, body: { plan: 'pro', interval: 'monthly' } });

    expect(second).to.deep.equal(first);
  });

  it('says that it is deprecated, and what takes its place', async () => {
    const token = await buyer();

    const answer = await shopper.request('/api/stripe/create-checkout', {
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
    const answer = await shopper.request('/api/stripe/create-checkout-app', {
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
      shopper.token('finance'),
      shopper.token('whatsapp-qr'),
    ]);
    const asked = [
      shopper.call(GetSubscriptionStatus, { token: customer, query: { account: 'acc_first' } }),
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
    const secret = suite.facts.secrets.stripeWebhookSecret;
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: event, secret });
    const send = async (body: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
      const url = `${suite.facts.gatewayUrl}/api/stripe/webhook`;
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };

    expect(await send(event)).to.equal(200);
    expect(await send(event.trim())).to.equal(400);
  });
});

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if (error instanceof ApiProblem) return error.code;
    throw error;
  }
};

import { randomUUID } from 'node:crypto';

import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { startWorld, type World } from './world.ts';

const Answer = z.looseObject({ url: z.string().optional(), code: z.string().optional(), id: z.string().optional() });

describe('the customer portal', function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  const post = async (url: string, body: object, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(url, { ...init, body: JSON.stringify(body) });
    return { status: response.status, ...Answer.parse(await response.json()) };
  };
  const open = async (at: World, account: string, key: string = randomUUID()) => {
    const headers = { authorization: `Bearer ${await at.customer(account)}`, 'idempotency-key': key };
    const url = `http://127.0.0.1:${at.services[0]?.port() ?? 0}/v1/portal-sessions`;
    return post(url, { returnUrl: 'https://shop.example/billing' }, headers);
  };
  /** Somebody for whom Stripe renews a subscription, known here by its webhook. */
  const aStripeCustomer = async (at: World) => {
    const account = `acc-${at.newId('tst').slice(4)}`;
    const metadata = { account, product: 'automation', plan: 'pro' };
    const sold = { metadata, amount: 1900, currency: 'eur', interval: 'month' };
    const { id } = await post(`${at.sandbox.url}/_sandbox/stripe/subscriptions`, sold);
    await waitFor(() => at.heard.some(({ envelope }) => envelope.subject === id), { what: 'the mirror' });
    return { account, id: String(id) };
  };

  it('opens for who is a customer at Stripe, once per key, and is in the trail', async () => {
    const { account, id } = await aStripeCustomer(world);
    const key = randomUUID();
    const first = await open(world, account, key);
    const again = await open(world, account, key);

    expect(first.status).to.equal(201);
    expect(again).to.deep.equal(first);
    const records = () =>
      world.heard.filter(({ envelope }) => envelope.data['action'] === 'portal_session.created').length;
    await waitFor(() => records() > 0, { what: 'the record' });
    expect(records()).to.equal(1);

    const page = await (await fetch(String(first.url))).text();
    expect(page).to.contain('href="https://shop.example/billing"');
    await fetch(`${String(first.url)}/subscriptions/${id}/cancel`, { method: 'POST' });
    await waitFor(() => world.heard.some(({ envelope }) => envelope.data['cancelAtPeriodEnd'] === true), {
      what: 'the end of what Stripe renews, told here',
    });
  });

  it('says so where the account is nobody at Stripe', async () => {
    const answer = await open(world, 'acc-nobody');

    expect(answer).to.include({ status: 422, code: 'payments_card.portal_without_customer' });
  });

  it('does not pretend when Stripe gives no answer', async () => {
    const { account } = await aStripeCustomer(world);
    await world.control('faults', { match: 'POST /v1/billing_portal/sessions', kind: '500', times: 5 });

    const answer = await open(world, account);
    expect(answer).to.include({ status: 503, code: 'payments_card.provider_unavailable' });
  });

  it('says so where Stripe has no portal set up', async () => {
    const other = await startWorld({ env: { STRIPE_PORTAL_CONFIGURATION: 'bpc_elsewhere' } });
    const { account } = await aStripeCustomer(other);
    const answer = await open(other, account);
    await other.stop();

    expect(answer).to.include({ status: 422, code: 'payments_card.portal_not_configured' });
  });
});

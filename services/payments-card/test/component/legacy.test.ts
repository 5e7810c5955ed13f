import { must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { quiet, startWorld, type World } from './world.ts';

const Made = z.looseObject({ id: z.string() });
const FOR_SUBSCRIPTION = 'legacy-subscription.reported.v1';

describe('subscriptions that Stripe renews itself', function () {
  this.timeout(30_000);
  let world: World;
  before(async () => {
    world = await startWorld({ replicas: 2 });
  });
  after(() => world.stop());

  const ask = async (path: string, body: object) => {
    const response = await fetch(`${world.sandbox.url}/_sandbox/stripe/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return Made.parse(await response.json()).id;
  };
  const sold = (metadata: Record<string, string>) =>
    ask('subscriptions', { metadata, amount: 1900, currency: 'eur', interval: 'month', periodStart: 1_769_817_600 });
  const happens = (id: string, event: string) => ask(`subscriptions/${id}`, { event });
  const told = (id: string) =>
    world.heard.filter(
      ({ service, envelope }) =>
        service === 'subscription' && envelope.type === FOR_SUBSCRIPTION && envelope.subject === id,
    );
  const toldTimes = (id: string, times: number) =>
    waitFor(() => told(id).length >= times, { what: `${times} reports of ${id}`, deadlineMs: 10_000 });
  const last = (id: string) => must(told(id).at(-1), `a report of ${id}`).envelope;

  const OURS = { account: 'acc_legacy', product: 'automation', plan: 'pro' };

  it('are told as they stand at Stripe, and the webhook is only a hint', async () => {
    const id = await sold(OURS);
    await toldTimes(id, 1);

    expect(last(id).data).to.deep.equal({
      provider: 'stripe',
      reference: id,
      status: 'active',
      accountId: 'acc_legacy',
      productKey: 'automation',
      planKey: 'pro',
      planFrom: 'subscription',
      priceReference: last(id).data['priceReference'],
      interval: 'month',
      quantity: 1,
      unitPrice: { amount: 1900, currency: 'EUR' },
      anchorAt: '2026-01-31T00:00:00.000Z',
      // 31 January + 1 month: February has 28 days.
      period: { start: '2026-01-31T00:00:00.000Z', end: '2026-02-28T00:00:00.000Z' },
      cancelAtPeriodEnd: false,
      endedAt: null,
    });
  });

  it('are told anew after a renewal, a failed one and the end, with growing versions', async () => {
    const id = await sold(OURS);
    await toldTimes(id, 1);
    await happens(id, 'renew');
    await waitFor(() => told(id).some(({ envelope }) => isUntil(envelope.data, '2026-03-31')), { what: 'the renewal' });
    await happens(id, 'fail');
    await waitFor(() => told(id).some(({ envelope }) => envelope.data['status'] === 'past_due'), {
      what: 'the failure',
    });
    await happens(id, 'cancel');
    await waitFor(() => told(id).some(({ envelope }) => envelope.data['status'] === 'cancelled'), { what: 'the end' });
    await quiet(world);

    const newest = told(id)
      .toSorted((a, b) => a.envelope.version - b.envelope.version)
      .at(-1);
    expect(newest?.envelope.data['status']).to.equal('cancelled');
    expect(new Set(told(id).map(({ envelope }) => envelope.version)).size).to.equal(told(id).length);
  });

  it('say the same thing once, however many events tell of it', async () => {
    await world.control('webhooks', { duplicate: 3 });
    const id = await sold(OURS);
    await happens(id, 'renew');
    await toldTimes(id, 1);
    await quiet(world);
    await world.control('webhooks', { duplicate: 1 });

    const said = told(id).map(({ envelope }) => JSON.stringify(envelope.data));
    expect(new Set(said).size).to.equal(said.length);
  });

  it('are told without an owner when nothing on them says whose they are', async () => {
    const id = await sold({ note: 'from before' });
    await toldTimes(id, 1);

    expect([last(id).data['accountId'], last(id).data['planKey']]).to.deep.equal([null, null]);
  });

  it('are told with the plan their price is for, whatever was written on them before', async () => {
    const id = await sold(OURS);
    await toldTimes(id, 1);
    const before = last(id).data['priceReference'];
    await ask(`subscriptions/${id}/price`, { amount: 4900, metadata: { product: 'automation', plan: 'enterprise' } });
    await waitFor(() => told(id).some(({ envelope }) => envelope.data['planKey'] === 'enterprise'), {
      what: 'the other plan',
    });

    expect(last(id).data).to.deep.include({
      planFrom: 'price',
      unitPrice: { amount: 4900, currency: 'EUR' },
      accountId: 'acc_legacy',
    });
    expect(last(id).data['priceReference'])
      .to.match(/^price_/)
      .and.not.equal(before);
  });

  it('make their customer known, so that the portal opens for the account', async () => {
    const account = `acc-${world.newId('tst').slice(4)}`;
    const id = await sold({ ...OURS, account });
    await toldTimes(id, 1);

    const { client } = world.database;
    const customers = await client.providerCustomer.findMany({ where: { accountId: account } });
    expect(customers.map(({ customerReference }) => customerReference.slice(0, 4))).to.deep.equal(['cus_']);
  });

  it('wait while Stripe gives no answer, and are told afterwards', async () => {
    await world.control('faults', { match: 'GET /v1/subscriptions', kind: '500', times: 2 });
    const id = await sold(OURS);

    await toldTimes(id, 1);
    expect(last(id).data['status']).to.equal('active');
  });

  it('cause no charge of ours', async () => {
    const id = await sold(OURS);
    await happens(id, 'renew');
    await toldTimes(id, 1);
    await quiet(world);

    expect((await world.books()).charges).to.deep.equal([]);
  });
});

const isUntil = (data: Readonly<Record<string, unknown>>, day: string): boolean =>
  JSON.stringify(data['period']).includes(`"end":"${day}`);

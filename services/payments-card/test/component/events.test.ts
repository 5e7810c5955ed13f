import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { aPurchase, DECLINED_CARD, deliver, GOOD_CARD, type Purchase } from './purchase.ts';
import { quiet, startWorld, STRIPE_KEY, type World } from './world.ts';

const Events = z.object({
  data: z.array(z.looseObject({ id: z.string(), type: z.string(), data: z.unknown() })),
});

const CHAIN = ['payment_intent.payment_failed', 'payment_intent.succeeded', 'checkout.session.completed'] as const;

const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

describe('events of one purchase, declined and then paid', function () {
  this.timeout(30_000);
  let world: World;
  before(async () => {
    world = await startWorld({ replicas: 2 });
    await world.control('webhooks', { pause: true });
  });
  after(() => world.stop());

  /** As Stripe lists them, so that each can be delivered when and where the test wants. */
  const eventsOf = async ({ orderId }: Purchase) => {
    const response = await fetch(`${world.sandbox.url}/v1/events?limit=100`, {
      headers: { authorization: `Bearer ${STRIPE_KEY}` },
    });
    const { data } = Events.parse(await response.json());
    return data.filter((event) => JSON.stringify(event).includes(orderId));
  };

  const declinedAndPaid = async (): Promise<Purchase> => {
    const purchase = aPurchase(world);
    await purchase.open();
    await purchase.pay(DECLINED_CARD);
    await purchase.pay(GOOD_CARD);
    return purchase;
  };

  const inTheEnd = async (purchase: Purchase) => {
    await purchase.heard('payment.completed.v1');
    await waitFor(() => purchase.trail().length >= 5, { what: 'the whole trail' });
    await quiet(world);
    const { state, attempts } = await world.database.client.order.findUniqueOrThrow({
      where: { id: purchase.orderId },
      include: { attempts: true },
    });
    return {
      state,
      outcomes: attempts.map(({ outcome }) => outcome).toSorted(),
      completed: purchase.told().filter((type) => type === 'payment.completed.v1').length,
      trail: purchase.trail().toSorted(),
    };
  };

  const EXPECTED = {
    state: 'completed',
    outcomes: ['declined', 'succeeded'],
    completed: 1,
    trail: ['order.opened', 'payment.completed', 'payment.declined', 'webhook.received', 'webhook.received'],
  };

  for (const order of permutations(CHAIN)) {
    it(`end the same in the order ${order.join(', ')}`, async () => {
      const purchase = await declinedAndPaid();
      const events = await eventsOf(purchase);

      for (const type of order) {
        for (const event of events.filter((candidate) => candidate.type === type)) {
          expect((await deliver(world, event)).status).to.equal(200);
          await quiet(world);
        }
      }

      expect(await inTheEnd(purchase)).to.deep.equal(EXPECTED);
    });
  }

  it('end the same when all of them come three times, to both replicas, at once', async () => {
    const purchase = await declinedAndPaid();
    const events = await eventsOf(purchase);

    const answers = await Promise.all(
      [0, 1, 0].flatMap((replica) => events.map((event) => deliver(world, event, { replica }))),
    );

    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(await inTheEnd(purchase)).to.deep.equal(EXPECTED);
    const stored = await world.database.client.providerEvent.count({
      where: { id: { in: events.map(({ id }) => id) } },
    });
    expect(stored).to.equal(events.length);
  });

  const rowsOf = (events: readonly { readonly id: string }[]) =>
    world.database.client.providerEvent.findMany({ where: { id: { in: events.map(({ id }) => id) } } });

  it('are claimed by the process that stored them: nobody else takes them, and none waits for a poll', async () => {
    const purchase = await declinedAndPaid();
    const events = await eventsOf(purchase);
    await world.control('faults', { match: 'GET /v1/checkout/sessions/*', kind: 'latency', ms: 400, times: 1 });
    const paid = events.filter(({ type }) => type === 'checkout.session.completed');

    await Promise.all(paid.map((event) => deliver(world, event)));
    const [claimed] = await rowsOf(paid);

    expect(claimed).to.include({ state: 'received', attempts: 1 });
    expect(Number(claimed?.dueAt) - Date.now()).to.be.greaterThan(2000);
    await purchase.heard('payment.completed.v1');
    await quiet(world);
    expect((await rowsOf(paid)).map(({ state, attempts }) => ({ state, attempts }))).to.deep.equal([
      { state: 'processed', attempts: 1 },
    ]);
  });

  it('are given back when the provider cannot be read, and worked on by whoever finds them due', async () => {
    const purchase = await declinedAndPaid();
    const paid = (await eventsOf(purchase)).filter(({ type }) => type === 'checkout.session.completed');
    await world.control('faults', { match: 'GET /v1/checkout/sessions/*', kind: '500', times: 1 });
    await Promise.all(paid.map((event) => deliver(world, event)));

    await purchase.heard('payment.completed.v1');
    await quiet(world);

    expect((await rowsOf(paid)).map(({ state, attempts }) => ({ state, attempts }))).to.deep.equal([
      { state: 'processed', attempts: 2 },
    ]);
  });
});

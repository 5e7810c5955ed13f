import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { aPurchase, GOOD_CARD, type Purchase } from './purchase.ts';
import { quiet, startWorld, type World } from './world.ts';

const Attention = z.object({ data: z.array(z.looseObject({ code: z.string(), correlationId: z.string() })) });

describe('when Stripe is in trouble', function () {
  this.timeout(30_000);
  let world: World;
  before(async () => {
    world = await startWorld({ env: { STRIPE_DEADLINE_MS: '300' } });
    await world.control('webhooks', { pause: true });
  });
  after(() => world.stop());

  const clearFaults = () => fetch(`${world.sandbox.url}/_sandbox/stripe/faults`, { method: 'DELETE' });
  const sessionsOf = async ({ orderId }: Purchase) =>
    (await world.books()).sessions.filter(({ clientReferenceId }) => clientReferenceId === orderId);
  const orderOf = ({ orderId }: Purchase) => world.database.client.order.findUniqueOrThrow({ where: { id: orderId } });
  const unknownOf = (purchase: Purchase) =>
    waitFor(async () => (await orderOf(purchase)).unknownSince, { what: 'an outcome nobody knows' });
  /** As if it had been asked for all day: Stripe no longer remembers our key. */
  const dayLater = async ({ orderId }: Purchase): Promise<void> => {
    await world.database.pool.query(
      `UPDATE orders SET first_sent_at = first_sent_at - interval '24 hours', due_at = first_sent_at WHERE id = $1`,
      [orderId],
    );
  };
  /** As if the pause before its next try was over. */
  const dueNow = ({ orderId }: Purchase) =>
    world.database.pool.query(
      `UPDATE orders SET due_at = now() WHERE id = $1 AND state = 'opening' AND due_at < now() + interval '10 seconds'`,
      [orderId],
    );
  const attention = async () => Attention.parse(await (await world.get('/internal/attention')).json()).data;

  it('an opening that hangs is unknown, and opened once it answers', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: 'hang', ms: 5000 });

    await purchase.open();
    await unknownOf(purchase);
    await purchase.opened();

    expect(await sessionsOf(purchase)).to.have.length(1);
    expect(await orderOf(purchase)).to.include({ state: 'open', unknownSince: null });
  });

  it('an opening that Stripe answered with 500, which it repeats for a day, is opened under another key', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: '500' });

    await purchase.open();
    await purchase.opened();

    expect(await sessionsOf(purchase)).to.have.length(1);
    expect(await orderOf(purchase)).to.include({ state: 'open', unknownSince: null });
  });

  it('an opening that is answered with 500 for longer is opened when that is over: one key a try is spoilt', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: '500', times: 7 });
    const tries = setInterval(() => void dueNow(purchase), 150);

    await purchase.open();
    await purchase.opened().finally(() => clearInterval(tries));

    expect(await sessionsOf(purchase)).to.have.length(1);
    expect(await orderOf(purchase)).to.include({ state: 'open', unknownSince: null });
  });

  it('a closing that Stripe answered with 500 is closed all the same', async () => {
    const purchase = aPurchase(world);
    await purchase.open();
    await purchase.opened();
    await world.control('faults', { match: 'POST /v1/checkout/sessions/*/expire', kind: '500', times: 1 });

    await purchase.close();
    await purchase.heard('order.expired.v1');

    expect((await sessionsOf(purchase)).map(({ status }) => status)).to.deep.equal(['expired']);
  });

  it('what was opened and never answered is found after a day, not opened again', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: 'answer_lost', times: 1000 });
    await purchase.open();
    await unknownOf(purchase);

    await dayLater(purchase);
    await purchase.opened();
    await clearFaults();
    await quiet(world);

    expect(await sessionsOf(purchase)).to.have.length(1);
    expect(await attention()).to.deep.equal([]);
  });

  it('what was opened, never answered and has expired meanwhile is told as expired, never as open', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: 'answer_lost', times: 1000 });
    await purchase.open();
    await unknownOf(purchase);

    world.clock.advance({ hours: 24 });
    await dayLater(purchase);
    await purchase.heard('order.expired.v1');
    await clearFaults();
    await quiet(world);

    expect(purchase.told()).to.deep.equal(['order.expired.v1']);
    expect(purchase.trail()).to.deep.equal(['order.opened', 'order.expired']);
  });

  it('what never arrived is shown to a person after a day, and not sent again', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: '500', times: 1000 });
    await purchase.open();
    await unknownOf(purchase);

    await clearFaults();
    await dayLater(purchase);
    const [item] = await waitFor(
      async () => {
        const items = await attention();
        return items.length > 0 && items;
      },
      { what: 'a person to be asked', deadlineMs: 15_000 },
    );
    await waitFor(async () => (await orderOf(purchase)).dueAt === null, {
      what: 'the search to end',
      deadlineMs: 15_000,
    });
    await quiet(world);

    expect(item).to.include({ code: 'payments_card.outcome_unknown', correlationId: purchase.checkoutId });
    expect(await sessionsOf(purchase)).to.deep.equal([]);
    expect(purchase.trail()).to.deep.equal(['order.parked']);
  });

  it('a reading that fails is asked again until it is answered', async () => {
    const purchase = aPurchase(world);
    await purchase.open();
    await purchase.pay(GOOD_CARD);
    await world.control('faults', { match: 'GET /v1/checkout/sessions/*', kind: 'reset', times: 2 });

    await purchase.recheck();
    await purchase.heard('payment.completed.v1');

    expect(await orderOf(purchase)).to.include({ state: 'completed', unknownSince: null });
  });
});

describe('without any webhook', function () {
  this.timeout(30_000);
  let world: World;
  before(async () => {
    world = await startWorld({ env: { SWEEP_INTERVAL_MS: '200' } });
    await world.control('webhooks', { pause: true });
  });
  after(() => world.stop());

  it('the sweep finds what was paid', async () => {
    const purchase = aPurchase(world);
    await purchase.open();

    await purchase.pay(GOOD_CARD);
    await purchase.heard('payment.completed.v1');
    await quiet(world);

    expect(purchase.trail()).to.deep.equal(['order.opened', 'payment.completed']);
  });

  it('the sweep finds what has expired', async () => {
    const purchase = aPurchase(world);
    await purchase.open();
    await purchase.opened();

    world.clock.advance({ minutes: 36 });
    await purchase.heard('order.expired.v1');
    await quiet(world);

    expect(purchase.trail()).to.deep.equal(['order.opened', 'order.expired']);
  });
});

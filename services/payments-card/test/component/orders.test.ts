import { GetPaymentOrder, ListPaymentOrders } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { aPurchase, deliver, DECLINED_CARD, GOOD_CARD, type Purchase } from './purchase.ts';
import { quiet, startWorld, type World } from './world.ts';

describe('an order at Stripe', function () {
  this.timeout(30_000);
  let world: World;
  before(async () => {
    world = await startWorld({ replicas: 2 });
  });
  after(() => world.stop());

  const sessionsOf = async (purchase: Purchase) =>
    (await world.books()).sessions.filter(({ clientReferenceId }) => clientReferenceId === purchase.orderId);
  const webhooksPaused = (pause: boolean) => world.control('webhooks', { pause });

  it('is opened once, with our ids on it, and tells where to pay', async () => {
    const purchase = aPurchase(world);

    await purchase.open();
    const [opened] = await purchase.heard('order.opened.v1');
    await quiet(world);

    const [session, ...others] = await sessionsOf(purchase);
    expect(others).to.deep.equal([]);
    expect(session).to.include({ amountTotal: 2400, currency: 'eur', status: 'open' });
    expect(session?.metadata).to.include({ order: purchase.orderId, correlation: purchase.checkoutId });
    expect(opened?.data).to.include({ orderId: purchase.orderId, rail: 'card', provider: 'stripe' });
    expect(opened?.correlationid).to.equal(purchase.checkoutId);
    expect(purchase.trail()).to.deep.equal(['order.opened']);
  });

  it('is one session at Stripe when the answer was lost', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: 'answer_lost', times: 2 });

    await purchase.open();
    await purchase.opened();
    await quiet(world);

    expect(await sessionsOf(purchase)).to.have.length(1);
    expect(purchase.told()).to.deep.equal(['order.opened.v1']);
  });

  it('is refused for good when Stripe says no', async () => {
    const purchase = aPurchase(world);

    await purchase.open({ amount: 10 });
    const [failed] = await purchase.heard('order.failed.v1');
    await quiet(world);

    expect(failed?.data).to.include({ code: 'payments_card.amount_out_of_range' });
    expect(await sessionsOf(purchase)).to.deep.equal([]);
    expect(purchase.trail()).to.deep.equal(['order.failed']);
  });

  it('is refused before it is sent when Stripe cannot express the amount', async () => {
    const purchase = aPurchase(world);

    await purchase.open({ amount: 501, currency: 'MGA' });
    const [failed] = await purchase.heard('order.failed.v1');

    expect(failed?.data).to.include({ code: 'payments_card.currency_unsupported' });
    expect(await sessionsOf(purchase)).to.deep.equal([]);
  });

  it('completes once when its webhook comes three times to two replicas at once', async () => {
    const purchase = aPurchase(world);
    await world.control('webhooks', { duplicate: 3 });
    await purchase.open();

    const page = await purchase.pay(GOOD_CARD);
    const [completed] = await purchase.heard('payment.completed.v1');
    await quiet(world);
    await world.control('webhooks', { duplicate: 1 });

    expect(page.status).to.equal(303);
    expect(completed?.data).to.deep.include({ method: { kind: 'card', brand: 'visa', last4: '4242' } });
    expect(purchase.told()).to.deep.equal(['order.opened.v1', 'payment.completed.v1']);
    expect(purchase.trail()).to.deep.equal(['order.opened', 'webhook.received', 'payment.completed']);
    const stored = await world.database.client.storedMethod.findMany({ where: { orderId: purchase.orderId } });
    expect(stored).to.have.length(1);
  });

  it('tells of a decline, and completes when another card succeeds', async () => {
    const purchase = aPurchase(world);
    await purchase.open();

    await purchase.pay(DECLINED_CARD);
    const [failed] = await purchase.heard('payment.failed.v1');
    await purchase.pay(GOOD_CARD);
    await purchase.heard('payment.completed.v1');
    await quiet(world);

    expect(failed?.data).to.include({ reason: 'card_declined' });
    expect(purchase.told()).to.deep.equal(['order.opened.v1', 'payment.failed.v1', 'payment.completed.v1']);
    expect(purchase.trail()).to.deep.equal([
      'order.opened',
      'webhook.received',
      'payment.declined',
      'webhook.received',
      'payment.completed',
    ]);
  });

  it('is closed at Stripe, and nobody can pay it any more', async () => {
    const purchase = aPurchase(world);
    await purchase.open();
    await purchase.opened();

    await purchase.close();
    await purchase.heard('order.expired.v1');
    const page = await purchase.pay(GOOD_CARD);
    await quiet(world);

    expect(page.status).to.equal(410);
    expect((await sessionsOf(purchase))[0]).to.include({ status: 'expired', paymentStatus: 'unpaid' });
    expect(purchase.told()).to.deep.equal(['order.opened.v1', 'order.expired.v1']);
  });

  it('closed while it is being paid reports the payment, and never that it expired', async () => {
    const purchase = aPurchase(world);
    await webhooksPaused(true);
    await purchase.open();
    await purchase.pay(GOOD_CARD);

    await purchase.close();
    await purchase.heard('payment.completed.v1');
    await webhooksPaused(false);
    await quiet(world);

    expect(purchase.told()).to.deep.equal(['order.opened.v1', 'payment.completed.v1']);
    expect(await purchase.state()).to.equal('completed');
  });

  it('closed before its opening is answered is closed all the same', async () => {
    const purchase = aPurchase(world);
    await world.control('faults', { match: 'POST /v1/checkout/sessions', kind: 'answer_lost', times: 2 });
    await purchase.open();
    await waitFor(async () => (await sessionsOf(purchase)).length === 1, { what: 'the session whose answer was lost' });

    await purchase.close();
    await purchase.heard('order.expired.v1');
    await quiet(world);

    expect(await sessionsOf(purchase)).to.have.length(1);
    expect((await sessionsOf(purchase))[0]?.status).to.equal('expired');
    expect(purchase.told()).to.not.include('payment.completed.v1');
  });

  it('is read at Stripe when somebody asks, without any webhook', async () => {
    const purchase = aPurchase(world);
    await webhooksPaused(true);
    await purchase.open();
    await purchase.pay(GOOD_CARD);

    await purchase.recheck();
    await purchase.heard('payment.completed.v1');
    await webhooksPaused(false);
    await waitFor(() => purchase.trail().includes('webhook.received'), { what: 'the late webhook' });
    await quiet(world);

    // The webhook that came afterwards is in the trail, and changed nothing.
    expect(purchase.trail()).to.deep.equal(['order.opened', 'payment.completed', 'webhook.received']);
    expect(purchase.told()).to.deep.equal(['order.opened.v1', 'payment.completed.v1']);
  });

  it('expires with its session', async () => {
    const purchase = aPurchase(world);
    await purchase.open();
    await purchase.opened();

    world.clock.advance({ minutes: 36 });
    await purchase.heard('order.expired.v1');
    await quiet(world);

    expect(purchase.trail()).to.deep.equal(['order.opened', 'webhook.received', 'order.expired']);
  });

  it('keeps an event of an unknown order, and does nothing', async () => {
    const id = `evt_${world.newId('ord')}`;
    const event = {
      id,
      type: 'checkout.session.completed',
      livemode: false,
      created: 1_772_442_000,
      data: { object: { id: 'cs_x', object: 'checkout.session', client_reference_id: world.newId('ord') } },
    };

    const answer = await deliver(world, event);
    const stored = await waitFor(
      async () => {
        const row = await world.database.client.providerEvent.findUnique({ where: { id } });
        return row?.state === 'ignored' && row;
      },
      { what: 'the event to be set aside' },
    );

    expect(await answer.json()).to.deep.equal({ received: true });
    expect(Buffer.from(stored.payload).toString()).to.equal(JSON.stringify(event));
  });

  it('turns forged webhooks away and counts them in one record', async () => {
    const before = trailOfDenials();
    const forged = Array.from({ length: 5 }, (_, index) =>
      deliver(world, { id: `evt_${index}` }, { secret: 'whsec_forged' }),
    );

    const answers = await Promise.all(forged);
    const problem = await must(answers[0], 'an answer').json();
    await waitFor(() => trailOfDenials() >= before + 5, { what: 'five counted denials' });

    expect(answers.map(({ status }) => status)).to.deep.equal([400, 400, 400, 400, 400]);
    expect(problem).to.include({ code: 'payments_card.webhook_signature_invalid' });
    const records = world.heard.filter(({ envelope }) => envelope.data['action'] === 'webhook.denied');
    expect(records.length).to.be.lessThan(5);
    expect(await world.database.client.providerEvent.count({ where: { id: { in: ['evt_0', 'evt_1'] } } })).to.equal(0);
  });

  it('says of signed bytes that are no event what is wrong with them, and keeps nothing', async () => {
    const before = trailOfDenials();
    const answer = await deliver(world, { id: 'evt_shapeless' });

    expect(answer.status).to.equal(400);
    expect(await answer.json()).to.include({ code: 'payments_card.webhook_malformed' });
    await waitFor(() => trailOfDenials() > before, { what: 'the counted denial' });
    expect(await world.database.client.providerEvent.count({ where: { id: 'evt_shapeless' } })).to.equal(0);
  });

  it('takes events at an address that was registered with a query', async () => {
    const event = { id: 'evt_asked', type: 'ping', livemode: false, created: 1, data: { object: {} } };

    const answer = await deliver(world, event, { query: '?x=1' });

    expect(answer.status).to.equal(200);
    expect(await world.database.client.providerEvent.count({ where: { id: 'evt_asked' } })).to.equal(1);
  });

  it('refuses signed bytes whose names no database holds, instead of failing', async () => {
    const event = { id: 'evt_nul\0', type: 'ping\0', livemode: false, created: 1, data: { object: {} } };

    const answers = [await deliver(world, event), await deliver(world, { ...event, id: 'evt_nul' })];

    expect(answers.map(({ status }) => status)).to.deep.equal([400, 400]);
  });

  const trailOfDenials = (): number =>
    world.heard
      .filter(({ envelope }) => envelope.data['action'] === 'webhook.denied')
      .reduce((sum, { envelope }) => sum + Number(envelope.data['count']), 0);

  const read = async (path: string): Promise<unknown> => (await world.get(path, 1)).json();

  it('is listed and shown to operators, with its attempts', async () => {
    const purchase = aPurchase(world);
    await purchase.open();
    await purchase.pay(GOOD_CARD);
    await purchase.heard('payment.completed.v1');

    const one = GetPaymentOrder.answer.parse(await read(`/v1/payment-orders/${purchase.orderId}`));
    const list = ListPaymentOrders.answer.parse(await read('/v1/payment-orders?status=completed&limit=1'));
    const missing = await world.get(`/v1/payment-orders/${world.newId('ord')}`);
    const attention = await read('/internal/attention');

    expect(one).to.include({ id: purchase.orderId, status: 'completed', unknownSince: null });
    expect(one.attempts).to.have.length(1);
    expect(list.data).to.deep.equal([one]);
    expect(list.nextCursor).to.equal(purchase.orderId);
    expect(missing.status).to.equal(404);
    expect(attention).to.deep.equal({ data: [] });
  });

  it('sends completed payments again when a consumer catches up', async () => {
    const completed = await world.database.client.order.count({ where: { state: 'completed' } });

    const sent = await must(world.services[0], 'replica').republish(null);

    expect(sent).to.equal(completed);
    await waitFor(() => world.heard.filter(({ envelope }) => envelope.replayed === true).length >= sent, {
      what: 'the snapshots',
    });
  });
});

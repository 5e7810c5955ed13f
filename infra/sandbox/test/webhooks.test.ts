import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { Stripe } from 'stripe';
import { z } from 'zod';

import { caught } from './caught.ts';
import { type SandboxGround, startGround, WEBHOOK_SECRET } from './sandbox-ground.ts';

const Books = z.object({
  charges: z.array(
    z.object({ id: z.string(), amount: z.number(), status: z.string(), metadata: z.record(z.string(), z.string()) }),
  ),
  sessions: z.array(z.object({ id: z.string(), status: z.string(), paymentStatus: z.string() })),
  refunds: z.array(z.object({ amount: z.number(), charge: z.string() })),
});

describe('webhooks and faults on request', () => {
  let ground: SandboxGround;
  beforeEach(async () => {
    ground = await startGround();
  });
  afterEach(() => ground.stop());

  const paid = async (): Promise<string> => {
    const { id } = await ground.session();
    expect((await ground.pay(id, { card: '4242424242424242' })).status).to.equal(303);
    return id;
  };
  const deliveriesOf = (eventId: string): number =>
    ground.receiver.received.filter(({ event }) => event.id === eventId).length;

  it('are signed so that a changed body is refused', async () => {
    const id = await paid();
    await ground.receiver.waitForType('checkout.session.completed', id);
    const [first] = ground.receiver.received;

    expect(first).to.not.equal(undefined);
    const forged = () => Stripe.webhooks.constructEvent(`${first?.body} `, first?.signature ?? '', WEBHOOK_SECRET);
    expect(forged).to.throw(Stripe.errors.StripeSignatureVerificationError);
  });

  it('come again until they are accepted, each time with a fresh signature', async () => {
    ground.receiver.refuse(503, 2);
    const session = await ground.session();
    await ground.stripe.checkout.sessions.expire(session.id);

    const event = await ground.receiver.waitForType('checkout.session.expired', session.id);
    await waitFor(() => deliveriesOf(event.id) === 3, { what: 'the third delivery' });
    await waitFor(async () => (await backlog(ground)).pending === 0, { what: 'nothing to be left' });
    expect(deliveriesOf(event.id)).to.equal(3);
  });

  it('are only those that were asked for', async () => {
    await paid();
    await waitFor(async () => (await backlog(ground)).pending === 0, { what: 'nothing to be left' });

    const types = ground.receiver.received.map(({ event }) => event.type).toSorted();
    expect(types).to.deep.equal(['checkout.session.completed', 'payment_intent.succeeded']);
  });

  it('are held back, duplicated and repeated on request', async () => {
    await ground.control('stripe/webhooks', { pause: true, duplicate: 3 });
    const id = await paid();
    expect(ground.receiver.received).to.have.length(0);

    await ground.control('stripe/webhooks', { pause: false });
    const event = await ground.receiver.waitForType('checkout.session.completed', id);
    await waitFor(() => deliveriesOf(event.id) === 3, { what: 'three copies' });
    await ground.control('stripe/webhooks', { duplicate: 1, redeliver: event.id });
    await waitFor(() => deliveriesOf(event.id) === 4, { what: 'the repetition' });
  });

  it('an answer that is lost leaves the work done, and the same key finds it', async () => {
    await ground.control('stripe/faults', { match: 'POST /v1/checkout/sessions', kind: 'answer_lost' });

    const lost = await caught(ground.session({}, 'open:lost'));
    const found = await ground.session({}, 'open:lost');

    expect(lost).to.be.instanceOf(Stripe.errors.StripeConnectionError);
    const { sessions } = await books(ground);
    expect(sessions.map(({ id }) => id)).to.deep.equal([found.id]);
  });

  it('a 500 is repeated under its key, a 409, 429, 502 and a reset are not', async () => {
    for (const [kind, key] of [
      ['500', 'a'],
      ['409', 'b'],
      ['429', 'c'],
      ['502', 'd'],
      ['reset', 'e'],
    ] as const) {
      await ground.control('stripe/faults', { match: 'POST /v1/checkout/*', kind });
      const failed = await caught(ground.session({}, key));
      const retried = await ground.session({}, key).then(
        () => 'made',
        () => 'failed',
      );
      expect(failed).to.be.instanceOf(Stripe.errors.StripeError);
      expect([kind, retried]).to.deep.equal([kind, kind === '500' ? 'failed' : 'made']);
    }
  });

  it('latency and hanging last as long as asked', async () => {
    await ground.control('stripe/faults', { match: 'GET /v1/balance', kind: 'latency', ms: 120 });
    const startedAt = performance.now();
    await ground.stripe.balance.retrieve();
    expect(performance.now() - startedAt).to.be.greaterThan(115);

    await ground.control('stripe/faults', { match: 'GET /v1/balance', kind: 'hang', ms: 50 });
    expect(await caught(ground.stripe.balance.retrieve())).to.be.instanceOf(Stripe.errors.StripeConnectionError);
  });

  it('the books tell every charge, session and refund, and reset empties them', async () => {
    const id = await paid();
    const [charge] = (await books(ground)).charges;
    await ground.stripe.refunds.create({ charge: charge?.id ?? '', amount: 900 });

    const told = await books(ground);
    const reset = await ground.control('reset');

    expect(told.sessions).to.deep.equal([{ id, status: 'complete', paymentStatus: 'paid' }]);
    expect(told.charges).to.deep.equal([
      { id: charge?.id, amount: 9900, status: 'succeeded', metadata: { order: 'ord_1' } },
    ]);
    expect(told.refunds).to.deep.equal([{ amount: 900, charge: charge?.id }]);
    expect(reset.status).to.equal(204);
    expect(await books(ground)).to.deep.equal({ charges: [], sessions: [], refunds: [] });
  });
});

const books = async (ground: SandboxGround): Promise<z.infer<typeof Books>> =>
  Books.parse(await (await fetch(`${ground.sandbox.url}/_sandbox/stripe/books`)).json());

const backlog = async (ground: SandboxGround): Promise<{ pending: number }> =>
  z.object({ pending: z.number() }).parse(await (await fetch(`${ground.sandbox.url}/_sandbox/stripe/webhooks`)).json());

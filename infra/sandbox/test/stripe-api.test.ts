import { expect } from 'chai';
import { Stripe } from 'stripe';

import { caught } from './caught.ts';
import { type SandboxGround, sdkFor, SECRET_KEY, startGround } from './sandbox-ground.ts';

describe('the Stripe stand-in, called by the real SDK', () => {
  let ground: SandboxGround;
  before(async () => {
    ground = await startGround();
  });
  after(() => ground.stop());

  context('a Checkout Session', () => {
    it('is created, read with everything expanded, and expired once', async () => {
      const created = await ground.session();
      const read = await ground.stripe.checkout.sessions.retrieve(created.id, {
        expand: ['line_items', 'payment_intent.latest_charge', 'payment_intent.payment_method'],
      });
      const expired = await ground.stripe.checkout.sessions.expire(created.id);
      const again = await caught(ground.stripe.checkout.sessions.expire(created.id));

      expect(created).to.include({ status: 'open', payment_status: 'unpaid', amount_total: 9900, currency: 'usd' });
      expect(created.url).to.equal(`${ground.sandbox.url}/pay/${created.id}`);
      expect(created.metadata).to.deep.equal({ order: 'ord_1' });
      expect(read.line_items?.data[0]).to.include({ amount_total: 9900, description: 'Pro, monthly', quantity: 1 });
      expect(expired).to.include({ status: 'expired', url: null });
      expect(again).to.be.instanceOf(Stripe.errors.StripeInvalidRequestError);
    });

    it('lives between 30 minutes and 24 hours', async () => {
      const nowS = Math.floor(Date.now() / 1000);

      const short = await caught(ground.session({ expires_at: nowS + 20 * 60 }));
      const long = await caught(ground.session({ expires_at: nowS + 25 * 3600 }));
      const right = await ground.session({ expires_at: nowS + 35 * 60 });

      expect(short).to.include({ statusCode: 400, param: 'expires_at' });
      expect(long).to.include({ statusCode: 400, param: 'expires_at' });
      expect(right.expires_at).to.equal(nowS + 35 * 60);
    });

    it('is found in a list, page by page', async () => {
      const made = [await ground.session(), await ground.session(), await ground.session()];
      const nowS = Math.floor(Date.now() / 1000);

      const seen: string[] = [];
      const created = { gte: nowS - 60, lte: nowS + 60 };
      for await (const session of ground.stripe.checkout.sessions.list({ created, limit: 2 })) seen.push(session.id);

      expect(seen.slice(0, 3)).to.deep.equal(made.map(({ id }) => id).toReversed());
    });
  });

  context('errors', () => {
    it('come in the classes of the SDK', async () => {
      const wrongKey = await caught(sdkFor(ground.sandbox.url, 'sk_test_other').balance.retrieve());
      const missing = await caught(ground.stripe.paymentIntents.retrieve('pi_nothing'));
      const unplayed = await caught(ground.stripe.products.create({ name: 'Thing' }));
      const small = await caught(
        ground.session({
          line_items: [
            { quantity: 1, price_data: { currency: 'usd', unit_amount: 10, product_data: { name: 'Crumb' } } },
          ],
        }),
      );

      const smallIntent = await caught(ground.stripe.paymentIntents.create({ amount: 49, currency: 'usd' }));

      expect(wrongKey).to.be.instanceOf(Stripe.errors.StripeAuthenticationError);
      expect(missing).to.include({ statusCode: 404, code: 'resource_missing' });
      expect(unplayed).to.be.instanceOf(Stripe.errors.StripeInvalidRequestError).and.include({ statusCode: 404 });
      for (const refused of [small, smallIntent]) {
        expect(refused).to.include({ statusCode: 400, code: 'amount_too_small' });
      }
    });

    it('name a parameter that nobody knows', async () => {
      const response = await fetch(`${ground.sandbox.url}/v1/customers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SECRET_KEY}` },
        body: new URLSearchParams({ emial: 'amal@example.test' }),
      });

      expect(response.status).to.equal(400);
      expect(await response.text())
        .to.include('parameter_unknown')
        .and.to.include('emial');
    });
  });

  context('idempotency keys', () => {
    it('repeat the answer for the same parameters and refuse others', async () => {
      const first = await ground.session({}, 'open:ord_1');
      const second = await ground.session({}, 'open:ord_1');
      const other = await caught(ground.session({ client_reference_id: 'ord_2' }, 'open:ord_1'));

      expect(second.id).to.equal(first.id);
      expect(await replayed(ground)).to.equal('true');
      expect(other).to.be.instanceOf(Stripe.errors.StripeIdempotencyError);
    });

    it('make one object of many simultaneous requests', async () => {
      const answers = await Promise.allSettled(Array.from({ length: 10 }, () => ground.session({}, 'open:ord_many')));

      const ids = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : []));
      const refusals = answers.flatMap((answer): unknown[] => (answer.status === 'rejected' ? [answer.reason] : []));
      expect(new Set(ids).size).to.equal(1);
      refusals.forEach((refusal: unknown) => expect(refusal).to.include({ statusCode: 409 }));
    });

    it('do not keep a refused request', async () => {
      const refused = await caught(ground.session({ expires_at: 1 }, 'open:ord_3'));
      const { id } = await ground.session({}, 'open:ord_3');

      expect(refused).to.include({ statusCode: 400 });
      expect(id).to.match(/^cs_test_/);
    });

    it('keep a declined charge', async () => {
      const params = { amount: 500, currency: 'usd', confirm: true, payment_method: 'pm_card_chargeDeclined' } as const;
      const declined = await caught(ground.stripe.paymentIntents.create(params, { idempotencyKey: 'charge:1' }));
      const again = await caught(ground.stripe.paymentIntents.create(params, { idempotencyKey: 'charge:1' }));

      expect(declined).to.be.instanceOf(Stripe.errors.StripeCardError);
      expect(declined).to.include({ statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' });
      expect(again).to.have.property('charge', chargeOf(declined));
    });
  });

  context('a saved card', () => {
    it('is charged off session, and refunded in parts but never beyond', async () => {
      const { stripe } = ground;
      const customer = await stripe.customers.create({ email: 'amal@example.test' });
      const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });

      const intent = await stripe.paymentIntents.create({
        amount: 9900,
        currency: 'usd',
        customer: customer.id,
        payment_method: method.id,
        off_session: true,
        confirm: true,
      });
      const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 4000 });
      const beyond = await caught(stripe.refunds.create({ payment_intent: intent.id, amount: 6000 }));
      const rest = await stripe.refunds.create({ payment_intent: intent.id });
      const done = await caught(stripe.refunds.create({ payment_intent: intent.id }));

      expect(intent).to.include({ status: 'succeeded', amount_received: 9900, customer: customer.id });
      expect([part.amount, rest.amount]).to.deep.equal([4000, 5900]);
      expect(beyond).to.include({ code: 'amount_too_large' });
      expect(done).to.include({ code: 'charge_already_refunded' });
      const methods = await stripe.customers.listPaymentMethods(customer.id, { type: 'card' });
      expect(methods.data.map(({ id }) => id)).to.deep.equal([method.id]);
      expect((await stripe.paymentMethods.detach(method.id)).customer).to.equal(null);
    });

    it('that asks for 3-D Secure every time is declined without its holder', async () => {
      const customer = await ground.stripe.customers.create({});
      const method = await ground.stripe.paymentMethods.attach('pm_card_authenticationRequired', {
        customer: customer.id,
      });

      const declined = await caught(
        ground.stripe.paymentIntents.create({
          amount: 100,
          currency: 'eur',
          customer: customer.id,
          payment_method: method.id,
          off_session: true,
          confirm: true,
        }),
      );

      expect(declined).to.include({ code: 'authentication_required', statusCode: 402 });
    });
  });

  it('cancels an intent of its own, not one of a session', async () => {
    const own = await ground.stripe.paymentIntents.create({ amount: 100, currency: 'usd' });
    const session = await ground.session();
    await ground.pay(session.id, { card: '4000000000000002' });
    const { payment_intent: intent } = await ground.stripe.checkout.sessions.retrieve(session.id);
    const ofSession = typeof intent === 'string' ? intent : '';

    expect((await ground.stripe.paymentIntents.cancel(own.id)).status).to.equal('canceled');
    expect(await caught(ground.stripe.paymentIntents.cancel(ofSession))).to.include({ statusCode: 400 });
  });
});

const chargeOf = (error: unknown): unknown => (error instanceof Stripe.errors.StripeError ? error.charge : null);

/** A repeated request by hand: the SDK's fetch client does not show headers. */
const replayed = async (ground: SandboxGround): Promise<string | null> => {
  const send = (): Promise<Response> =>
    fetch(`${ground.sandbox.url}/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET_KEY}`, 'idempotency-key': 'customer:1' },
      body: new URLSearchParams({ name: 'Amal' }),
    });
  await send();
  return (await send()).headers.get('idempotent-replayed');
};

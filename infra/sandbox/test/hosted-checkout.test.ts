import { expect } from 'chai';
import { type Stripe } from 'stripe';

import { CONSOLE, type SandboxGround, startGround } from './sandbox-ground.ts';

const EXPANDED = { expand: ['payment_intent.latest_charge', 'payment_intent.payment_method'] };

describe('the hosted checkout page', () => {
  let ground: SandboxGround;
  before(async () => {
    ground = await startGround();
  });
  after(() => ground.stop());

  const read = (id: string): Promise<Stripe.Checkout.Session> => ground.stripe.checkout.sessions.retrieve(id, EXPANDED);
  const intentOf = (session: Stripe.Checkout.Session): Stripe.PaymentIntent => {
    if (typeof session.payment_intent !== 'object' || session.payment_intent === null) throw new Error('no intent');
    return session.payment_intent;
  };
  const chargesOf = async (intent: Stripe.PaymentIntent): Promise<readonly Stripe.Charge[]> =>
    (await ground.stripe.charges.list({ payment_intent: intent.id })).data;

  it('shows what is paid, in the language of the session, and the way back', async () => {
    const session = await ground.session({ locale: 'fr' });

    const page = await fetch(session.url ?? '');
    const text = await page.text();

    expect(page.status).to.equal(200);
    expect(text).to.include('lang="fr"').and.to.include('Pro, monthly').and.to.include('99,00');
    expect(text).to.include(`href="${CONSOLE}/plans"`);
  });

  it('never trusts what it shows', async () => {
    const name = '<script>alert(1)</script>';
    const session = await ground.session({
      line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 500, product_data: { name } } }],
    });

    expect(await (await fetch(session.url ?? '')).text()).not.to.include(name);
  });

  it('charges a good card, saves it, and sends the customer on after the webhook', async () => {
    const { id } = await ground.session({ customer_creation: 'always' });

    const answer = await ground.pay(id, { card: '4242 4242 4242 4242', email: 'amal@example.test', name: 'Amal' });

    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal(`${CONSOLE}/done?session=${id}`);
    expect(ground.receiver.received.some(({ event }) => event.type === 'checkout.session.completed')).to.equal(true);
    const session = await read(id);
    const intent = intentOf(session);
    expect(session).to.include({ status: 'complete', payment_status: 'paid', url: null });
    expect(session.customer_details).to.include({ email: 'amal@example.test', name: 'Amal' });
    expect(intent).to.include({ status: 'succeeded', amount_received: 9900, customer: session.customer });
    expect(intent.metadata).to.deep.equal({ order: 'ord_1' });
    expect(intent.payment_method).to.have.property('customer', session.customer);
    expect(intent.latest_charge).to.include({ captured: true, status: 'succeeded', amount: 9900 });
  });

  it('charges once when the form is sent twice at the same time', async () => {
    const { id } = await ground.session();

    const answers = await Promise.all(Array.from({ length: 5 }, () => ground.pay(id, { card: '4242424242424242' })));

    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303, 303, 303, 303]);
    expect(await chargesOf(intentOf(await read(id)))).to.have.length(1);
  });

  for (const [card, decline, words] of [
    ['4000000000000002', 'generic_decline', 'the card was declined'],
    ['4000000000009995', 'insufficient_funds', 'insufficient funds'],
    ['4000000000000069', 'expired_card', 'has expired'],
  ] as const) {
    it(`says politely that ${card.slice(-4)} is refused (${decline}), and takes another card`, async () => {
      const { id } = await ground.session();

      const refused = await ground.pay(id, { card });
      const afterRefusal = await read(id);
      const paid = await ground.pay(id, { card: '4242424242424242' });

      expect(refused.status).to.equal(402);
      expect(await refused.text())
        .to.include(words)
        .and.not.to.include(`value="${card}`);
      expect(afterRefusal).to.include({ status: 'open', payment_status: 'unpaid' });
      expect(intentOf(afterRefusal).last_payment_error).to.include({ decline_code: decline });
      const failed = await ground.receiver.waitForType('payment_intent.payment_failed', intentOf(afterRefusal).id);
      expect(failed.data.object).to.have.nested.property('last_payment_error.decline_code', decline);
      expect(paid.status).to.equal(303);
      expect((await chargesOf(intentOf(await read(id)))).map(({ status }) => status)).to.deep.equal([
        'succeeded',
        'failed',
      ]);
    });
  }

  it('refuses a number that is no test card, a past date and a wrong code, without an attempt', async () => {
    const { id } = await ground.session();

    const answers = [
      await ground.pay(id, { card: '4111111111111111' }),
      await ground.pay(id, { card: '4242424242424242', expiry: '01/20' }),
      await ground.pay(id, { card: '4242424242424242', cvc: '1' }),
    ];

    expect(answers.map(({ status }) => status)).to.deep.equal([402, 402, 402]);
    expect((await read(id)).payment_intent).to.equal(null);
  });

  context('3-D Secure', () => {
    it('asks, and charges after the answer', async () => {
      const { id } = await ground.session();

      const asked = await ground.pay(id, { card: '4000002500003155' });
      const challenge = asked.headers.get('location') ?? '';
      const page = await fetch(`${ground.sandbox.url}${challenge}`);
      const answered = await answer(ground, challenge, 'complete');

      expect(asked.status).to.equal(303);
      expect(page.status).to.equal(200);
      expect(answered.status).to.equal(303);
      expect(answered.headers.get('location')).to.equal(`${CONSOLE}/done?session=${id}`);
      expect(await chargesOf(intentOf(await read(id)))).to.have.length(1);
    });

    it('refused: fails the attempt without a charge, and the session stays open', async () => {
      const { id } = await ground.session();
      const challenge = (await ground.pay(id, { card: '4000002760003184' })).headers.get('location') ?? '';

      const refused = await answer(ground, challenge, 'fail');

      const session = await read(id);
      expect(refused.status).to.equal(402);
      expect(session.status).to.equal('open');
      expect(intentOf(session).last_payment_error).to.include({ code: 'payment_intent_authentication_failure' });
      expect(await chargesOf(intentOf(session))).to.have.length(0);
    });

    it('answered after the session was expired: charges nothing', async () => {
      const { id } = await ground.session();
      const challenge = (await ground.pay(id, { card: '4000002500003155' })).headers.get('location') ?? '';
      await ground.stripe.checkout.sessions.expire(id);

      const late = await answer(ground, challenge, 'complete');

      expect(late.status).to.equal(410);
      expect(intentOf(await read(id)).status).to.equal('canceled');
      expect(await chargesOf(intentOf(await read(id)))).to.have.length(0);
    });
  });

  it('is closed once the session has expired', async () => {
    const { id } = await ground.session();
    await ground.stripe.checkout.sessions.expire(id);

    const answers = [
      await ground.pay(id, { card: '4242424242424242' }),
      await fetch(`${ground.sandbox.url}/pay/${id}`),
    ];

    expect(answers.map(({ status }) => status)).to.deep.equal([410, 410]);
    await ground.receiver.waitForType('checkout.session.expired', id);
  });
});

const answer = (ground: SandboxGround, challenge: string, said: string): Promise<Response> =>
  fetch(`${ground.sandbox.url}${challenge}`, {
    method: 'POST',
    body: new URLSearchParams({ answer: said }),
    redirect: 'manual',
  });

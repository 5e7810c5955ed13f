import { existsSync, readFileSync } from 'node:fs';

import { Secret } from '@quittance/kernel';
import { fakeWallClock } from '@quittance/testkit';
import { expect } from 'chai';
import { Stripe } from 'stripe';
import { z } from 'zod';

import { fromStripeSession } from '../../src/providers/stripe-reader.ts';
import { makeStripeWebhook } from '../../src/providers/stripe-webhook.ts';
import { idOf } from '../builders/order.ts';

/** The publisher's own file: its objects have the types its SDK says. */
const Fixtures = z.object({
  resources: z.looseObject({
    'checkout.session': z.custom<Stripe.Checkout.Session>(),
    payment_intent: z.custom<Stripe.PaymentIntent>(),
    charge: z.custom<Stripe.Charge>(),
    payment_method: z.custom<Stripe.PaymentMethod>(),
    event: z.looseObject({}),
  }),
});

const oracle = new URL('../../../../../shared/oracles/stripe/fixtures3.json', import.meta.url);

if (!existsSync(oracle)) {
  process.stdout.write('payments-card: Stripe fixtures are absent (../shared/oracles), our readers were not tried\n');
} else {
  describe('readers of Stripe’s own fixtures', () => {
    const { resources } = Fixtures.parse(JSON.parse(readFileSync(oracle, 'utf8')));
    const { 'checkout.session': session, payment_intent: intent, charge, payment_method: method } = resources;
    const paidIntent: Stripe.PaymentIntent = {
      ...intent,
      amount_received: 1099,
      customer: 'cus_1',
      last_payment_error: null,
      latest_charge: charge,
      payment_method: method,
      setup_future_usage: 'off_session',
      status: 'succeeded',
    };
    const paid: Stripe.Checkout.Session = {
      ...session,
      amount_total: 1099,
      client_reference_id: idOf('ord'),
      currency: 'usd',
      payment_intent: paidIntent,
      payment_status: 'paid',
      status: 'complete',
    };

    it('reads a session as it is', () => {
      expect(fromStripeSession(session)).to.deep.equal({
        orderId: null,
        session: { reference: session.id, payUrl: session.url, payUntil: new Date(1_234_567_890_000) },
        status: 'open',
        money: 'unpaid',
        amount: null,
        payment: null,
        decline: null,
      });
    });

    it('reads a paid session with everything expanded', () => {
      const reading = fromStripeSession(paid);

      expect(reading).to.include({ orderId: idOf('ord'), status: 'complete', money: 'paid' });
      expect(reading.amount).to.deep.equal({ units: 1099n, currency: 'USD' });
      expect(reading.payment).to.deep.equal({
        reference: intent.id,
        attemptReference: charge.id,
        amount: { units: 1099n, currency: 'USD' },
        capturedAt: new Date(1_234_567_890_000),
        method: { kind: 'card', brand: 'visa', last4: '4242' },
        reusable: { customerReference: 'cus_1', methodReference: method.id },
      });
    });

    it('never takes "complete" or "nothing to pay" for a payment', () => {
      const unpaid = { ...paid, payment_status: 'unpaid' } as const;
      const free = { ...paid, payment_status: 'no_payment_required', payment_intent: null } as const;
      const statusOf = (status: Stripe.PaymentIntent.Status) =>
        fromStripeSession({ ...unpaid, payment_intent: { ...paidIntent, status } }).money;

      expect(statusOf('processing')).to.equal('on_its_way');
      expect(statusOf('succeeded')).to.equal('on_its_way');
      expect(statusOf('requires_payment_method')).to.equal('never_came');
      expect(statusOf('canceled')).to.equal('never_came');
      // Paid without a payment: the decision parks it.
      expect(fromStripeSession(free)).to.include({ money: 'paid', payment: null });
    });

    it('keeps no card without a customer, or without leave to charge it again', () => {
      const reusable = (change: Partial<Stripe.PaymentIntent>) =>
        fromStripeSession({ ...paid, payment_intent: { ...paidIntent, ...change } }).payment?.reusable;

      expect(reusable({ customer: null })).to.equal(null);
      expect(reusable({ setup_future_usage: null })).to.equal(null);
    });

    it('reads wallets and bank debits by their kind alone', () => {
      const alipay = { ...method, type: 'alipay' } as const;
      const { card: _card, ...withoutCard } = alipay;
      const { payment } = fromStripeSession({
        ...paid,
        payment_intent: { ...paidIntent, payment_method: withoutCard, latest_charge: null },
      });

      expect(payment?.method).to.deep.equal({ kind: 'alipay', brand: null, last4: null });
      expect(payment?.attemptReference).to.equal(intent.id);
    });

    it('takes every object of Stripe as the subject of an event', () => {
      const wallClock = fakeWallClock();
      const secret = 'whsec_test';
      const verifier = makeStripeWebhook({ secrets: [new Secret(secret)], livemode: false, wallClock });
      const timestamp = Math.floor(wallClock.nowMs() / 1000);
      for (const [kind, object] of Object.entries(resources)) {
        const payload = JSON.stringify({ ...resources.event, type: `${kind}.updated`, data: { object } });
        const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
        const checked = verifier.verify(Buffer.from(payload), header);

        expect(checked.verdict, kind).to.equal('genuine');
      }
    });
  });
}

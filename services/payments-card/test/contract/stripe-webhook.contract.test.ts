import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { Secret } from '@quittance/kernel';
import { fakeWallClock } from '@quittance/testkit';
import { expect } from 'chai';
import { Stripe } from 'stripe';
import { z } from 'zod';

import { checkSignature, makeStripeWebhook } from '../../src/providers/stripe-webhook.ts';
import { idOf } from '../builders/order.ts';

const Vectors = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      payload: z.string(),
      header: z.string(),
      secret: z.string(),
      tolerance_s: z.number(),
      received_at_s: z.number(),
      expect: z.boolean(),
    }),
  ),
});

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** Where we are stricter than the SDK on purpose. */
const WE_REFUSE = ['future timestamp +1h'];

describe('checkSignature', () => {
  const oracle = new URL('../../../../../shared/oracles/stripe/webhook_signature_vectors.json', import.meta.url);
  if (existsSync(oracle)) {
    for (const vector of Vectors.parse(JSON.parse(readFileSync(oracle, 'utf8'))).vectors) {
      // The verifier always has a tolerance; a vector without one is about the SDK alone.
      if (vector.tolerance_s === 0) continue;
      const accepted = vector.expect && !WE_REFUSE.includes(vector.name);
      it(`${accepted ? 'accepts' : 'refuses'}: ${vector.name}`, () => {
        const denial = checkSignature({
          body: Buffer.from(vector.payload),
          header: vector.header,
          secrets: [new Secret(vector.secret)],
          nowMs: vector.received_at_s * 1000,
          toleranceSeconds: vector.tolerance_s,
        });

        expect(denial === null, String(denial)).to.equal(accepted);
      });
    }
  } else {
    process.stdout.write('payments-card: Stripe signature vectors are absent (../shared/oracles), they were not run\n');
  }
});

describe('makeStripeWebhook', () => {
  const wallClock = fakeWallClock();
  const nowSeconds = Math.floor(wallClock.nowMs() / 1000);
  const NEW = 'whsec_new';
  const OLD = 'whsec_old';
  const verifier = makeStripeWebhook({ secrets: [new Secret(NEW), new Secret(OLD)], livemode: false, wallClock });
  const event = {
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    livemode: false,
    created: nowSeconds,
    data: {
      object: {
        id: 'cs_1',
        object: 'checkout.session',
        client_reference_id: idOf('ord'),
        metadata: { order: idOf('ord'), invoice: idOf('inv'), correlation: idOf('chk') },
        payment_intent: 'pi_1',
      },
    },
  };
  const signed = (payload: string, more: { readonly secret?: string; readonly timestamp?: number } = {}) => ({
    body: Buffer.from(payload),
    header: Stripe.webhooks.generateTestHeaderString({ payload, secret: NEW, timestamp: nowSeconds, ...more }),
  });
  const signedAtNoTime = (payload: string) =>
    `t=NaN,v1=${createHmac('sha256', NEW).update(`NaN.${payload}`).digest('hex')}`;
  const verdictOf = (given: { readonly body: Buffer; readonly header: string | null }) => {
    const checked = verifier.verify(given.body, given.header);
    return checked.verdict === 'genuine' ? checked.verdict : checked.reason;
  };

  it('reads what an event is about', () => {
    const { body, header } = signed(JSON.stringify(event));

    expect(verifier.verify(body, header)).to.deep.equal({
      verdict: 'genuine',
      event: {
        id: 'evt_1',
        type: 'checkout.session.completed',
        livemode: false,
        createdAt: new Date(nowSeconds * 1000),
        orderId: idOf('ord'),
        paymentReference: 'pi_1',
        correlationId: idOf('chk'),
        audited: true,
      },
      payload: body,
    });
  });

  it('keeps no card number of a signed event, wherever one stands, and every other word', () => {
    const told = (card: string, name: string, codes: readonly string[]) => ({
      ...event,
      data: { object: { ...event.data.object, customer_details: { name: `Ada ${card}`, [name]: 'x' }, codes } },
    });
    const planted = told('4111 1111 1111 1111', '5105-1051-0510-5100', ['371449635398431', '41111111111111112']);
    const { body, header } = signed(JSON.stringify(planted).replace('Ada 4', String.raw`Ada \u0034`));

    const checked = verifier.verify(body, header);

    const kept: unknown = checked.verdict === 'genuine' ? JSON.parse(checked.payload.toString()) : null;
    expect(kept).to.deep.equal(told('[card number]', '[card number]', ['[card number]', '41111111111111112']));
  });

  it('accepts the secret that is being rolled out', () => {
    expect(verdictOf(signed(JSON.stringify(event), { secret: OLD }))).to.equal('genuine');
  });

  it('keeps an event whose subject is named with what no database holds, as one of nobody', () => {
    const object = { ...event.data.object, payment_intent: 'pi_\0', metadata: { correlation: 'chk_\0' } };
    const { body, header } = signed(JSON.stringify({ ...event, data: { object } }));

    const checked = verifier.verify(body, header);

    expect(checked).to.have.property('verdict', 'genuine');
    expect(checked).to.have.property('event').that.includes({ paymentReference: null, correlationId: null });
  });

  it('takes 100 levels', () => {
    expect(verdictOf(signed(JSON.stringify(event).replace('"cs_1"', `"cs_1","a":${nested(97)}`)))).to.equal('genuine');
  });

  const live = JSON.stringify({ ...event, livemode: true });
  const text = JSON.stringify(event);
  const DENIED = [
    ['a foreign secret', signed(text, { secret: 'whsec_foreign' }), 'signature'],
    ['no signature', { body: Buffer.from(text), header: null }, 'signature'],
    ['one changed byte', { ...signed(text), body: Buffer.from(text.replace('cs_1', 'cs_2')) }, 'signature'],
    ['five minutes and a second ago', signed(text, { timestamp: nowSeconds - 301 }), 'too_old'],
    ['five minutes and a second ahead', signed(text, { timestamp: nowSeconds + 301 }), 'from_the_future'],
    ['at no time at all', { body: Buffer.from(text), header: signedAtNoTime(text) }, 'signature'],
    ['the other mode', signed(live), 'wrong_mode'],
    ['no JSON', signed('not json'), 'malformed'],
    ['another shape', signed('{"id":"evt_1"}'), 'malformed'],
    ['NUL in its id', signed(JSON.stringify({ ...event, id: 'evt_ \0' })), 'malformed'],
    ['NUL in its type', signed(JSON.stringify({ ...event, type: 'x\0' })), 'malformed'],
    ['words for an id', signed(JSON.stringify({ ...event, id: 'evt 1' })), 'malformed'],
    ['a card number for an id', signed(JSON.stringify({ ...event, id: 'evt_4242424242424242' })), 'malformed'],
    ['an instant no date holds', signed(JSON.stringify({ ...event, created: 9e15 })), 'malformed'],
    ['101 levels', signed(text.replace('"cs_1"', `"cs_1","a":${nested(98)}`)), 'malformed'],
    ['3,000 levels', signed(text.replace('"cs_1"', `"cs_1","a":${nested(3000)}`)), 'malformed'],
  ] as const;
  for (const [name, given, reason] of DENIED) {
    it(`refuses ${name}: ${reason}`, () => {
      expect(verdictOf(given)).to.equal(reason);
    });
  }

  it('finds the declined attempt of an event by its charge, or else by its payment method', () => {
    const failed = (error: object) =>
      Buffer.from(
        JSON.stringify({
          ...event,
          type: 'payment_intent.payment_failed',
          data: { object: { id: 'pi_1', object: 'payment_intent', last_payment_error: error } },
        }),
      );
    const byCharge = verifier.effectOf(
      failed({ code: 'card_declined', decline_code: 'insufficient_funds', charge: 'ch_1' }),
    );
    const byMethod = verifier.effectOf(
      failed({ code: 'payment_intent_authentication_failure', payment_method: { id: 'pm_1' } }),
    );

    expect(byCharge.decline).to.include({ reference: 'ch_1', reason: 'insufficient_funds' });
    expect(byMethod.decline).to.include({ reference: 'pm_1', reason: 'authentication_failed' });
  });
});

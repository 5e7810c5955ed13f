import { type AccountId, assert, isAccountId } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { accountWithCard, aCharge } from './charge.ts';
import { aPurchase, deliver, GOOD_CARD } from './purchase.ts';
import { quiet, startWorld, type World } from './world.ts';

const VISA = 'pm_card_visa';

describe('a charge of a stored method', function () {
  // Troubles one after the other open the breaker of a replica: what is due then waits for its next try.
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await startWorld({ replicas: 2, env: { STRIPE_DEADLINE_MS: '400' } });
  });
  // A test that fails in its trouble must not hand it on to the next.
  afterEach(async () => {
    await clearFaults();
    await world.control('webhooks', { pause: false });
  });
  after(() => world.stop());

  const clearFaults = () => fetch(`${world.sandbox.url}/_sandbox/stripe/faults`, { method: 'DELETE' });
  const charging = { match: 'POST /v1/payment_intents' } as const;

  it('is recorded, charged once and told, with nobody present', async () => {
    const charge = aCharge(world, await accountWithCard(world, VISA));

    await charge.send();
    const completed = await charge.heard('payment.completed.v1');
    await quiet(world);

    expect(completed.data).to.deep.include({
      invoiceId: charge.invoiceId,
      checkoutId: null,
      amount: { amount: 2400, currency: 'EUR' },
      method: { kind: 'card', brand: 'visa', last4: '4242' },
    });
    expect(charge.told()).to.deep.equal(['payment.completed.v1']);
    expect(charge.trail()).to.deep.equal(['payment.completed']);
    expect(await charge.captures()).to.equal(1);
  });

  const DECLINES = [
    ['pm_card_chargeCustomerFail', 'card_declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_authenticationRequired', 'authentication_failed'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ] as const;
  for (const [card, reason] of DECLINES) {
    it(`is declined with ${reason} and not tried again by itself`, async () => {
      const charge = aCharge(world, await accountWithCard(world, card));

      await charge.send();
      const failed = await charge.heard('payment.failed.v1');
      await quiet(world);

      expect(failed.data).to.deep.include({ reason, chargeAttempt: 1, invoiceId: charge.invoiceId });
      expect(charge.told()).to.deep.equal(['payment.failed.v1']);
      expect(charge.trail()).to.deep.equal(['payment.declined']);
      expect(await charge.order()).to.include({ state: 'failed' });
      expect(await charge.captures()).to.equal(0);
    });
  }

  it('says so when there is nothing stored to charge, and asks nobody', async () => {
    const nobody: AccountId = (() => {
      const id = 'acc-without-card';
      assert(isAccountId(id), id);
      return id;
    })();
    const charge = aCharge(world, nobody);

    await charge.send();
    const failed = await charge.heard('payment.failed.v1');

    expect(failed.data).to.deep.include({ reason: 'no_payment_method', chargeAttempt: 1 });
    expect(await charge.order()).to.include({ state: 'failed' });
  });

  for (const kind of ['answer_lost', 'hang', '500', '502', 'reset'] as const) {
    it(`charges once when the answer is ${kind}`, async () => {
      const charge = aCharge(world, await accountWithCard(world, VISA));
      await world.control('webhooks', { pause: true });
      await world.control('faults', { ...charging, kind, ms: 1000 });

      await charge.send();
      // A 500 is remembered under the key, so it is what every repetition is answered with.
      if (kind === '500') {
        await waitFor(async () => (await charge.order()).unknownSince, { what: 'an outcome nobody knows' });
        expect(await charge.captures()).to.equal(0);
        await world.database.client.order.update({ where: { id: charge.orderId }, data: { dueAt: null } });
      } else {
        await charge.heard('payment.completed.v1');
        expect(await charge.captures()).to.equal(1);
        expect(charge.told()).to.deep.equal(['payment.completed.v1']);
      }
      await clearFaults();
      await world.control('webhooks', { pause: false });
    });
  }

  it('is told by its webhook when the answer was lost, and the reading finds it done', async () => {
    const charge = aCharge(world, await accountWithCard(world, VISA));
    await world.control('faults', { ...charging, kind: 'answer_lost' });

    await charge.send();
    await charge.heard('payment.completed.v1');
    await quiet(world);

    expect(await charge.captures()).to.equal(1);
    expect(charge.told()).to.deep.equal(['payment.completed.v1']);
  });

  it('is one order for one attempt, whoever asks', async () => {
    const account = await accountWithCard(world, VISA);
    const first = aCharge(world, account);
    const other = aCharge(world, account, { invoiceId: first.invoiceId });

    await Promise.all([first.send(), first.send(), other.send()]);
    await Promise.race([first.heard('payment.completed.v1'), other.heard('payment.completed.v1')]);
    await quiet(world);

    expect((await first.captures()) + (await other.captures())).to.equal(1);
  });

  it('takes an order with a page and a stored card back to the same customer', async () => {
    const first = aPurchase(world);
    await first.open();
    await first.pay(GOOD_CARD);
    await first.heard('payment.completed.v1');
    const second = aPurchase(world);
    await second.open();
    await second.pay(GOOD_CARD);
    await second.heard('payment.completed.v1');

    const { charges } = await world.books();
    const customerOf = (orderId: string) => charges.find(({ metadata }) => metadata['order'] === orderId)?.customer;
    expect(customerOf(first.orderId)).to.be.a('string');
    expect(customerOf(second.orderId)).to.equal(customerOf(first.orderId));
  });

  it('starts with a new customer once Stripe does not know the former one', async () => {
    const { client } = world.database;
    await client.providerCustomer.updateMany({ data: { customerReference: 'cus_gone' } });
    const refused = aPurchase(world);
    await refused.open();
    const [failed] = await refused.heard('order.failed.v1');
    const next = aPurchase(world);
    await next.open();
    await next.opened();

    expect(failed?.data).to.include({ code: 'payments_card.customer_unknown' });
  });

  it('does not repeat itself when the webhook tells of a decline it knows', async () => {
    const charge = aCharge(world, await accountWithCard(world, 'pm_card_chargeCustomerFail'));
    await charge.send();
    await charge.heard('payment.failed.v1');
    await quiet(world);

    const response = await deliver(world, {
      id: `evt_${charge.orderId}`,
      type: 'payment_intent.payment_failed',
      livemode: false,
      created: 1,
      data: {
        object: {
          id: 'pi_x',
          object: 'payment_intent',
          metadata: { order: charge.orderId, via: 'charge' },
          last_payment_error: { code: 'card_declined' },
        },
      },
    });
    await quiet(world);

    expect(response.status).to.equal(200);
    expect(charge.told()).to.deep.equal(['payment.failed.v1']);
  });
});

describe('a charge whose key Stripe has forgotten', () => {
  let world: World;
  // Its own: a breaker that others' troubles have opened would refuse it, and it would not have been charged at all.
  before(async () => {
    world = await startWorld({ replicas: 2, env: { STRIPE_DEADLINE_MS: '400' } });
  });
  after(() => world.stop());

  it('is read, and never made again', async () => {
    const charge = aCharge(world, await accountWithCard(world, VISA));
    await world.control('webhooks', { pause: true });
    await world.control('faults', { match: 'POST /v1/payment_intents', kind: 'answer_lost' });
    await world.control('faults', { match: 'GET /v1/payment_intents*', kind: '502', times: 1000 });
    await charge.send();
    await waitFor(async () => (await charge.order()).unknownSince, { what: 'an outcome nobody knows' });

    // A new version, so that a reading under way does not put the time of its next one over this.
    await world.database.pool.query(
      `UPDATE orders SET version = version + 1, first_sent_at = first_sent_at - interval '25 hours', due_at = first_sent_at
       WHERE id = $1`,
      [charge.orderId],
    );
    await fetch(`${world.sandbox.url}/_sandbox/stripe/faults`, { method: 'DELETE' });
    await charge.heard('payment.completed.v1');
    await world.control('webhooks', { pause: false });
    await quiet(world);

    expect(await charge.captures()).to.equal(1);
  });
}).timeout(60_000);

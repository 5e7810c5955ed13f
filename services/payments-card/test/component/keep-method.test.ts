import { KeepMethod, outgoing } from '@quittance/contracts';
import { type AccountId, assert, isAccountId } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { Stripe } from 'stripe';

import { aCharge } from './charge.ts';
import { publish, trailOf } from './purchase.ts';
import { quiet, STRIPE_KEY, startWorld, type World } from './world.ts';

describe('the card of an imported account', function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  const anAccount = (): AccountId => {
    const account = `acc-${world.newId('tst').slice(4)}`;
    assert(isAccountId(account), account);
    return account;
  };
  /** As the earlier platform left it at Stripe. */
  const atStripe = async () => {
    const { hostname, port } = new URL(world.sandbox.url);
    const stripe = new Stripe(STRIPE_KEY, { host: hostname, port: Number(port), protocol: 'http' });
    const customer = await stripe.customers.create({ name: 'From before' });
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    return { customerReference: customer.id, methodReference: method.id };
  };
  const keep = async (data: object, change: { readonly id?: string; readonly correlationId?: string } = {}) => {
    const subscriptionId = world.newId('sub');
    const { id = `${subscriptionId}:keep-method`, correlationId = subscriptionId } = change;
    const message = outgoing(KeepMethod, {
      id,
      subject: 'acc',
      data: KeepMethod.data.parse({ subscriptionId, methodReference: null, ...data }),
    });
    await publish(world, correlationId, message);
    await settled(id);
    return correlationId;
  };
  const settled = (id: string) =>
    waitFor(
      async () => {
        const { pool } = world.database;
        const handled = await pool.query('SELECT 1 FROM platform.inbox WHERE message_id = $1', [id]);
        const dead = await pool.query('SELECT reason FROM platform.dead_letters WHERE message_id = $1', [id]);
        return (handled.rowCount ?? 0) + (dead.rowCount ?? 0) > 0;
      },
      { what: `${id} to be settled` },
    );
  const methodsOf = (accountId: string) => world.database.client.storedMethod.findMany({ where: { accountId } });

  it('first delivery: its first renewal charges that card', async () => {
    const accountId = anAccount();
    const correlationId = await keep({ accountId, ...(await atStripe()) });
    const charge = aCharge(world, accountId);
    await charge.send();
    await charge.heard('payment.completed.v1');
    await quiet(world);

    expect(await charge.captures()).to.equal(1);
    expect(trailOf(world, correlationId)).to.deep.equal(['payment_method.kept']);
  });

  it('redelivery: kept once', async () => {
    const accountId = anAccount();
    const references = await atStripe();
    const id = `${world.newId('sub')}:keep-method`;
    await keep({ accountId, ...references }, { id });
    await keep({ accountId, ...references }, { id });
    await quiet(world);

    expect(await methodsOf(accountId)).to.have.length(1);
  });

  it('only who they are, where nothing may be charged', async () => {
    const accountId = anAccount();
    const { customerReference } = await atStripe();
    await keep({ accountId, customerReference });

    expect(await methodsOf(accountId)).to.deep.equal([]);
    const customers = await world.database.client.providerCustomer.findMany({ where: { accountId } });
    expect(customers.map((one) => one.customerReference)).to.deep.equal([customerReference]);
  });

  it('refused when it is another account’s: a dead letter, and nothing kept', async () => {
    const references = await atStripe();
    await keep({ accountId: anAccount(), ...references });
    const other = anAccount();
    const id = `${world.newId('sub')}:keep-method`;
    await keep({ accountId: other, ...references }, { id });

    const { rows } = await world.database.pool.query<{ reason: string }>(
      'SELECT reason FROM platform.dead_letters WHERE message_id = $1',
      [id],
    );
    expect(rows[0]?.reason).to.match(/^payments_card.method_of_another: /);
    expect(await methodsOf(other)).to.deep.equal([]);
  });
});

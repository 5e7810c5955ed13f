import { OpenOrder } from '@quittance/contracts';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { aPurchase } from './purchase.ts';
import { quiet, startWorld, type World } from './world.ts';

describe('messages to payments-card', function () {
  this.timeout(30_000);
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  it('first delivery: the order is opened', async () => {
    const purchase = aPurchase(world);

    await purchase.open();

    await purchase.opened();
  });

  it('redelivery: the same order, opened once', async () => {
    const purchase = aPurchase(world);

    await Promise.all([purchase.open(), purchase.open(), purchase.open()]);
    await purchase.opened();
    await purchase.open();
    await quiet(world);

    expect(purchase.told()).to.deep.equal(['order.opened.v1']);
    const sessions = (await world.books()).sessions.filter((session) => session.clientReferenceId === purchase.orderId);
    expect(sessions).to.have.length(1);
  });

  it('invalid payload: a dead letter at once, and no order', async () => {
    const purchase = aPurchase(world);
    const id = `${purchase.orderId}:open`;

    await purchase.send({ definition: OpenOrder, id, subject: purchase.orderId, version: 0, data: { orderId: 7 } });
    const letter = await waitFor(
      async () => {
        const found = await world.database.pool.query<{ attempts: number; reason: string }>(
          'SELECT attempts, reason FROM platform.dead_letters WHERE message_id = $1',
          [id],
        );
        return found.rows[0];
      },
      { what: 'the dead letter' },
    );

    expect(letter.attempts).to.equal(1);
    expect(letter.reason).to.contain('orderId');
    expect(await world.database.client.order.count({ where: { id: purchase.orderId } })).to.equal(0);
  });

  it('transient failure: what came before the order it is about is tried again', async () => {
    const purchase = aPurchase(world);

    await purchase.close();
    await purchase.recheck();
    await waitFor(async () => (await world.bus.backlog()).delayed > 0, { what: 'a retry' });
    await purchase.open();
    await purchase.heard('order.expired.v1');
    await quiet(world);

    expect(await purchase.state()).to.equal('expired');
    const letters = await world.database.pool.query('SELECT 1 FROM platform.dead_letters WHERE message_id LIKE $1', [
      `${purchase.checkoutId}%`,
    ]);
    expect(letters.rowCount).to.equal(0);
  });
});

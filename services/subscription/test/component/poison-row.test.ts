import { type Id, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { anAccount, customer, subscriptionFor } from '../running-subscription.ts';

describe('what falls due beside a row that cannot be worked on', function () {
  this.timeout(30_000);
  const suite = subscriptionFor();

  const bought = async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    return { account, id, end: must((await suite.read(account, id)).currentPeriod?.end, 'the end of its period') };
  };
  const spoil = (id: Id<'sub'>, set: string) =>
    suite.ground.owner.query(`UPDATE subscriptions SET ${set}, due_at = due_at - interval '1 hour' WHERE id = $1`, [
      id,
    ]);
  const asked = async (id: Id<'sub'>) =>
    (await suite.ground.sent('invoicing.open-invoice')).some(
      ({ subject, data }) => subject === id && data['kind'] === 'renewal',
    );
  const attention = async () =>
    JSON.stringify((await suite.ask('/internal/attention', { as: { permissions: ['billing.read'] } })).body);

  it('goes on, and each such row waits for a person', async () => {
    const [undecidable, unreadable, impossible, renewed, ending] = [
      await bought(),
      await bought(),
      await bought(),
      await bought(),
      await bought(),
    ];
    await suite.ask(`/v1/subscriptions/${ending.id}/cancel`, { as: customer(ending.account), body: {} });
    await spoil(undecidable.id, 'anchor_at = NULL');
    await spoil(unreadable.id, "interval = 'never'");
    await spoil(impossible.id, "due_kind = 'trial_end'");

    suite.ground.clock.set(ending.end);

    await waitFor(async () => ((await asked(renewed.id)) ? true : null), { what: 'the renewal', deadlineMs: 10_000 });
    await waitFor(async () => ((await suite.read(ending.account, ending.id)).status === 'cancelled' ? true : null), {
      what: 'the end of the cancelled one',
      deadlineMs: 10_000,
    });
    const told = await attention();
    expect(told).to.include('subscription.due_work_failed');
    for (const { id } of [undecidable, unreadable, impossible]) expect(told).to.include(id);
    for (const { id } of [renewed, ending]) expect(told).not.to.include(id);
  });
});

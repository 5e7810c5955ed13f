import { ApiLifePreview, ApiSubscription, InvoiceDrafted, InvoicePaid, OrderOpened } from '@quittance/contracts';
import { type AccountId, type Id, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { FREE, invoiceDrafted, invoicePaid, orderOpened } from '../fixtures.ts';
import { anAccount, customer, LITE, lite, OPERATOR, subscriptionFor } from '../running-subscription.ts';

const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };

describe('a trial in the place of a free plan', function () {
  this.timeout(30_000);
  const suite = subscriptionFor([lite]);

  const ids = async (account: AccountId, planKey: string): Promise<Id<'sub'>> => {
    const { rows } = await suite.ground.owner.query<{ id: Id<'sub'> }>(
      'SELECT id FROM subscriptions WHERE account_id = $1 AND plan_key = $2',
      [account, planKey],
    );
    return must(rows[0]?.id, `the ${planKey} plan`);
  };
  const tried = async () => {
    const account = anAccount();
    const wish = { planId: FREE.planId, interval: 'month', currency: 'USD', ...urls };
    await suite.ask('/v1/checkout-sessions', { as: customer(account), body: wish });
    const free = await ids(account, 'free');
    const body = { planId: LITE.planId, currency: 'USD' };
    const trial = ApiSubscription.parse((await suite.ask('/v1/trials', { as: customer(account), body })).body);
    expect(await suite.read(account, free)).to.include({ status: 'cancelled' });
    expect(trial.fallsBackTo).to.equal(free);
    return { account, free, trial: trial.id, end: must(trial.trialEnd, 'the end of the trial') };
  };
  const until = (account: AccountId, id: Id<'sub'>, status: string) =>
    waitFor(async () => ((await suite.read(account, id)).status === status ? true : null), { what: `${id} ${status}` });
  const documentsOf = async (account: AccountId) =>
    (await suite.ground.sent('entitlements.changed.v1')).filter(({ data }) => data['accountId'] === account);

  it('gives the place back when it is over, with a revision of its own and a record', async () => {
    const { account, free, trial, end } = await tried();

    suite.ground.clock.set(end);

    await until(account, free, 'active');
    expect(await suite.read(account, trial)).to.include({ status: 'expired', fallsBackTo: null });
    expect(await suite.read(account, free)).to.include({ accessUntil: null, nextCharge: null });
    const documents = await documentsOf(account);
    expect(documents.at(-1)?.data).to.include({ planKey: 'free', status: 'active', subscriptionId: free });
    const revisions = documents.map(({ version }) => version);
    expect(revisions).to.deep.equal([...new Set(revisions)].toSorted((left, right) => left - right));
    expect(await suite.ground.audited()).to.include.members(['subscription.trial_expired', 'subscription.restored']);
  });

  it('has the newer of two documents, as what is bought has: who hears both again keeps the one that counts', async () => {
    const { account, free, trial } = await tried();
    const buyer = anAccount();
    const wish = { planId: FREE.planId, interval: 'month', currency: 'USD', ...urls };
    await suite.ask('/v1/checkout-sessions', { as: customer(buyer), body: wish });
    const bought = await suite.buy(buyer);
    const given = await ids(buyer, 'free');
    const versionOf = async (of: AccountId, id: Id<'sub'>) => (await suite.read(of, id)).version;

    expect(await versionOf(account, trial)).to.be.greaterThan(await versionOf(account, free));
    expect(await versionOf(buyer, bought)).to.be.greaterThan(await versionOf(buyer, given));
  });

  it('gives the place back when it is cancelled, as the preview of that showed', async () => {
    const { account, free, trial } = await tried();
    const given = await suite.read(account, free);
    const ask = (path: string) =>
      suite.ask(`/v1/subscriptions/${trial}/${path}`, { as: customer(account), body: { when: 'now' } });
    const { restored, afterwards } = ApiLifePreview.parse((await ask('cancel/preview')).body);
    expect(await suite.read(account, free)).to.deep.equal(given);

    const cancelled = await ask('cancel');

    expect(cancelled.status).to.equal(200);
    const again = await suite.read(account, free);
    expect(again).to.include({ status: 'active' });
    expect({ ...restored, version: again.version }).to.deep.equal(again);
    expect(afterwards).to.include({ status: 'cancelled', fallsBackTo: null });
    expect((await documentsOf(account)).at(-1)?.data).to.include({ planKey: 'free', status: 'active' });
  });

  it('is over on its day also while an operator withholds access, and its place is free', async () => {
    const { account, free, trial, end } = await tried();
    const status = { status: 'suspended', reason: 'Looks like fraud' };
    await suite.ask(`/v1/subscriptions/${trial}/status`, { as: OPERATOR, body: status });

    suite.ground.clock.set(end);

    await until(account, trial, 'expired');
    expect(await suite.read(account, free)).to.include({ status: 'cancelled' });
    const wish = { planId: FREE.planId, interval: 'month', currency: 'USD', ...urls };
    const again = await suite.ask('/v1/checkout-sessions', { as: customer(account), body: wish });
    expect(again.body).to.include({ status: 'completed', subscriptionStatus: 'active' });
  });

  it('takes the place again when it is paid for after all', async () => {
    const { account, free, trial, end } = await tried();
    const asked = suite.ask(`/v1/subscriptions/${trial}/change`, { as: customer(account), body: urls });
    const { checkoutId, changeId } = await suite.requested(account, 'plan_change');
    const sale = { checkoutId, subscriptionId: trial, accountId: account };
    const changed = { kind: 'plan_change' as const, changeId };
    await suite.ground.handled(
      await suite.ground.send(InvoiceDrafted, { data: { ...invoiceDrafted(sale), ...changed } }),
    );
    await suite.ground.handled(await suite.ground.send(OrderOpened, { data: orderOpened(sale) }));
    await asked;
    suite.ground.clock.set(end);
    await until(account, free, 'active');

    await suite.ground.handled(await suite.ground.send(InvoicePaid, { data: { ...invoicePaid(sale), ...changed } }));

    expect(await suite.read(account, trial)).to.include({ status: 'active', planKey: 'lite' });
    expect(await suite.read(account, free)).to.include({ status: 'cancelled' });
    expect((await documentsOf(account)).at(-1)?.data).to.include({ planKey: 'lite', status: 'active' });
  });
});

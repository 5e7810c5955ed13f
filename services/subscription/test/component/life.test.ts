import { must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { anAccount, codeOf, customer, LITE, lite, OPERATOR, subscriptionFor } from '../running-subscription.ts';

describe('living with a subscription', () => {
  const suite = subscriptionFor([lite]);

  const documentsOf = async (account: string) =>
    (await suite.ground.sent('entitlements.changed.v1')).filter(({ data }) => data['accountId'] === account);

  it('is suspended and reinstated by an operator, with a revision each time and a record of who and why', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const set = (status: string) =>
      suite.ask(`/v1/subscriptions/${id}/status`, { as: OPERATOR, body: { status, reason: 'A dispute.' } });

    const [suspended, active] = [await set('suspended'), await set('active')];

    expect([suspended.status, active.status]).to.deep.equal([200, 200]);
    const documents = await documentsOf(account);
    expect(documents.map(({ data }) => data['status'])).to.deep.equal(['active', 'suspended', 'active']);
    const revisions = documents.map(({ version }) => version);
    expect(revisions).to.deep.equal([...new Set(revisions)].toSorted((left, right) => left - right));
    expect(await suite.ground.audited()).to.include.members(['subscription.suspended', 'subscription.reinstated']);
    const forbidden = await suite.ask(`/v1/subscriptions/${id}/status`, {
      as: customer(account),
      body: { status: 'active', reason: 'Please.' },
    });
    expect(forbidden.status).to.equal(403);
  });

  it('is tried once per account and product, also by two at once', async () => {
    const account = anAccount();
    const start = () =>
      suite.ask('/v1/trials', { as: customer(account), body: { planId: LITE.planId, currency: 'USD' } });

    const answers = await Promise.all([start(), start(), start()]);

    const statuses = answers.map(({ status }) => status).toSorted((left, right) => left - right);
    expect(statuses[0]).to.equal(201);
    expect(statuses.filter((status) => status === 201)).to.have.lengthOf(1);
    const begun = must(
      answers.find(({ status }) => status === 201),
      'a trial',
    );
    expect(begun.body).to.include({ status: 'trialing', nextCharge: null });
    expect(codeOf(await start())).to.equal('subscription.trial_unavailable');
  });

  it('expires with its trial, and denies', async () => {
    const account = anAccount();
    const { body } = await suite.ask('/v1/trials', {
      as: customer(account),
      body: { planId: LITE.planId, currency: 'USD' },
    });
    const { id, trialEnd } = z
      .object({ id: z.templateLiteral(['sub_', z.string()]), trialEnd: z.string() })
      .parse(body);

    suite.ground.clock.set(trialEnd);

    await waitFor(async () => ((await suite.read(account, id)).status === 'expired' ? true : null), {
      what: 'the expiry',
    });
    expect((await documentsOf(account)).at(-1)?.data).to.include({ status: 'expired' });
    const again = await suite.ask('/v1/trials', {
      as: customer(account),
      body: { planId: LITE.planId, currency: 'USD' },
    });
    expect(codeOf(again)).to.equal('subscription.trial_unavailable');
  });

  it('cancels at the end of its period, undone by resume, and then for good', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const cancel = () => suite.ask(`/v1/subscriptions/${id}/cancel`, { as: customer(account), body: {} });

    await cancel();
    const waiting = await suite.read(account, id);
    await suite.ask(`/v1/subscriptions/${id}/resume`, { as: customer(account), method: 'POST' });
    const resumed = await suite.read(account, id);
    await cancel();
    suite.ground.clock.set(must(waiting.currentPeriod?.end, 'end'));

    expect(waiting).to.include({ cancelAtPeriodEnd: true, nextCharge: null, accessUntil: waiting.currentPeriod?.end });
    expect(resumed.nextCharge?.at).to.equal(waiting.currentPeriod?.end);
    await waitFor(async () => ((await suite.read(account, id)).status === 'cancelled' ? true : null), {
      what: 'the end',
    });
  });

  it('is begun by an operator for a tenant, as a trial or with a page to pay at', async () => {
    const account = anAccount();
    const wish = {
      accountId: account,
      planId: LITE.planId,
      currency: 'USD',
      successUrl: 'https://shop.example/ok',
      cancelUrl: 'https://shop.example/no',
    };

    const begun = await suite.ask('/v1/subscriptions', { as: OPERATOR, body: { ...wish, trial: true } });
    const paid = suite.ask('/v1/subscriptions', {
      as: OPERATOR,
      body: { ...wish, accountId: anAccount(), quantity: 3 },
    });
    const answer = await paid;

    expect(begun.status).to.equal(201);
    expect(begun.body).to.have.nested.property('subscription.status', 'trialing');
    expect(answer.body).to.have.nested.property('subscription.price.amount', 14700);
    expect(answer.status).to.equal(202);
  });
});

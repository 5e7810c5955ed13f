import { ApiPlannedChange, ListRenewals } from '@quittance/contracts';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { planPublished, PRO } from '../fixtures.ts';
import { anAccount, codeOf, customer, LITE, lite, OPERATOR, subscriptionFor } from '../running-subscription.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('the next charge under a scheduled change', () => {
  const suite = subscriptionFor([lite]);

  const renewals = async (query: string) => {
    const { body } = await suite.ask(`/v1/renewals?${query}`, { as: OPERATOR });
    return ListRenewals.answer.parse(body);
  };

  it('is told by the subscription and the list of renewals: when the bonus is over, at the new price', async () => {
    const account = anAccount();
    const other = anAccount();
    const id = await suite.buy(account);
    await suite.buy(other);
    const { body } = await suite.ask(`/internal/subscriptions/${id}/plan-change`, {
      as: customer(account),
      body: { planId: LITE.planId },
    });
    const preview = ApiPlannedChange.parse(body);
    await suite.ask(`/v1/subscriptions/${id}/change`, {
      as: customer(account),
      body: { planId: LITE.planId, quote: preview.quote },
    });

    const read = await suite.read(account, id);
    expect(read.planKey).to.equal('pro');
    // 49 + 20 % of tax
    expect(read.nextCharge).to.deep.equal({ at: preview.afterwards.renewsAt, amount: usd(5880), withTax: true });

    const window = await renewals(`window=90d&account=${account}`);
    expect(window.data).to.have.length(1);
    expect(window.data[0]).to.deep.include({
      subscriptionId: id,
      planKey: 'lite',
      dueAt: preview.afterwards.renewsAt,
      amount: usd(5880),
      withTax: true,
    });
    expect(window.data[0]?.period.start).to.equal(preview.afterwards.renewsAt);
    expect(window.totals).to.deep.equal([{ count: 1, amount: usd(5880) }]);
    // The month that has begun ends within 31 days; the bonus that follows does not.
    expect((await renewals(`window=31d&account=${account}`)).data).to.deep.equal([]);
    // 118.80 + 58.80
    expect((await renewals('window=90d')).totals).to.deep.equal([{ count: 2, amount: usd(17760) }]);
    const first = await renewals('window=90d&limit=1');
    const second = await renewals(`window=90d&limit=1&after=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ accountId }) => accountId)).to.deep.equal([other, account]);
    expect(second.nextCursor).to.equal(null);
  });

  it('is listed from no other place than a cursor of the list, and so is every list', async () => {
    const id = await suite.buy(anAccount());
    const paths = [
      '/v1/renewals?',
      '/v1/subscriptions?',
      `/v1/subscriptions/${id}/changes?`,
      `/v1/plans/${LITE.planId}/moves?`,
    ];

    for (const path of paths) {
      const asked = await suite.ask(`${path}after=garbage`, { as: OPERATOR });
      expect([path, asked.status, codeOf(asked)]).to.deep.equal([path, 400, 'platform.invalid_cursor']);
    }
  });

  it('is the one that comes: on its day a subscription moved to a newer version is billed as it was told', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const newer = planPublished({
      planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k91',
      versionNumber: 2,
      prices: [
        {
          priceId: 'prc_01j8zq4m7e8b2c3d4f5g6h7k91',
          interval: 'month',
          amount: usd(12_900),
          taxBehavior: 'exclusive',
          region: null,
        },
      ],
    });
    await suite.publish(newer, 2);
    const move = { newestVersion: true };
    const refused = await suite.ask(`/v1/subscriptions/${id}/items/commit`, { as: customer(account), body: move });
    const moved = await suite.ask(`/v1/subscriptions/${id}/items/commit`, { as: OPERATOR, body: move });

    expect(refused.status).to.equal(403);
    expect(moved.status).to.equal(200);
    const before = await suite.read(account, id);
    expect(before.planVersionId).to.equal(PRO.planVersionId);
    // 129 + 20 % of tax
    expect(before.nextCharge?.amount).to.deep.equal(usd(15_480));
    const onVersion = async (version: string) =>
      JSON.stringify(
        (await suite.ask(`/v1/subscriptions?planVersion=${version}&account=${account}`, { as: OPERATOR })).body,
      );
    expect(await onVersion(PRO.planVersionId)).to.include(id);
    expect(await onVersion(newer.planVersionId)).not.to.include(id);

    suite.ground.clock.set(before.nextCharge?.at ?? '');
    const billed = await waitFor(
      async () =>
        (await suite.ground.sent('invoicing.open-invoice')).find(
          ({ subject, data }) => subject === id && data['kind'] === 'renewal',
        ) ?? null,
      { what: 'the renewal' },
    );
    expect(billed.data['lines']).to.deep.include.members([
      {
        description: 'Pro',
        quantity: 1,
        unitPrice: usd(12_900),
        taxBehavior: 'exclusive',
        period: billed.data['period'],
      },
    ]);
    expect(await suite.read(account, id)).to.include({ planVersionId: newer.planVersionId });
    const again = await suite.ask(`/v1/subscriptions/${id}/items/commit`, { as: OPERATOR, body: move });
    expect(codeOf(again)).to.equal('subscription.renewal_in_progress');
  });
});

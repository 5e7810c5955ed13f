import { randomUUID } from 'node:crypto';

import { LegacySubscriptionReported, PlanPublished } from '@quittance/contracts';
import { type AccountId, isAccountId, must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { buildService, subscriptionConfig } from '../../src/service.ts';
import { freePlanPublished, planPublished, PRO } from '../fixtures.ts';
import { lite } from '../running-subscription.ts';

const Row = z.object({
  id: z.string(),
  status: z.string(),
  owner: z.string(),
  price: z.int(),
  currency: z.string(),
  due: z.string().nullable(),
  until: z.date().nullable(),
});
type Report = z.infer<typeof LegacySubscriptionReported.data>;

const accountOf = (text: string): AccountId => must([text].find(isAccountId), 'an account id');

describe('subscriptions that Stripe renews', function () {
  this.timeout(30_000);
  let ground: ServiceGround;
  let service: RunningService;

  before(async () => {
    ground = await makeServiceGround('subscription');
    const config = loadConfig(subscriptionConfig, { ...ground.env, BEAT_INTERVAL_MS: '60000' });
    service = buildService({ ...ground, config });
    await service.start();
    for (const data of [planPublished(), freePlanPublished(), lite]) {
      await ground.handled(await ground.send(PlanPublished, { version: 1, data }));
    }
  });
  after(async () => {
    await service.stop();
    await ground.end();
  });

  const subscriptionsOf = async (account: string) => {
    const sql = `SELECT id, status, renewal_owner AS owner, price_minor::int AS price, currency, due_kind AS due, access_until AS until
      FROM subscriptions WHERE account_id = $1 ORDER BY id`;
    return z.array(Row).parse((await ground.owner.query(sql, [account])).rows);
  };
  const parkedOf = async (reference: string) => {
    const sql = 'SELECT code FROM parked_work WHERE subject_id LIKE $1';
    return z
      .array(z.object({ code: z.string() }))
      .parse((await ground.owner.query(sql, [`${reference}%`])).rows)
      .map(({ code }) => code);
  };
  const documentsOf = async (account: string) =>
    (await ground.sent('entitlements.changed.v1')).filter(({ data }) => data['accountId'] === account);

  context('renewed by Stripe', () => {
    const aReport = (change: Partial<Report> = {}): Report => ({
      provider: 'stripe',
      reference: `sub_${randomUUID().replaceAll('-', '')}`,
      status: 'active',
      accountId: accountOf('acc_mirrored'),
      productKey: 'automation',
      planKey: 'pro',
      interval: 'month',
      quantity: 1,
      unitPrice: { amount: 4900, currency: 'USD' },
      anchorAt: '2025-01-31T00:00:00.000Z',
      period: { start: '2026-01-31T00:00:00.000Z', end: '2026-02-28T00:00:00.000Z' },
      cancelAtPeriodEnd: false,
      endedAt: null,
      ...change,
    });
    const account = (): AccountId => accountOf(`acc_${randomUUID().slice(0, 12)}`);
    const report = async (data: Report, version: number) =>
      ground.handled(await ground.send(LegacySubscriptionReported, { subject: data.reference, version, data }));

    it('give access at the old price, and nothing here ever renews them', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);

      const [row, ...others] = await subscriptionsOf(must(data.accountId, 'account'));
      expect(others).to.deep.equal([]);
      expect(row).to.include({ status: 'active', owner: 'stripe', price: 4900, currency: 'USD', due: null });
      // Period end + 3 days, as every renewing subscription.
      expect(row?.until).to.deep.equal(new Date('2026-03-03T00:00:00.000Z'));
      expect((await documentsOf(must(data.accountId, 'account'))).at(-1)?.data).to.include({
        status: 'active',
        planKey: 'pro',
      });
    });

    it('follow the newest report, whatever order they come in', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);
      await report({ ...data, status: 'cancelled', endedAt: '2026-02-20T00:00:00.000Z' }, 3);
      await report({ ...data, status: 'past_due' }, 2);

      const rows = await subscriptionsOf(must(data.accountId, 'account'));
      expect(rows.map(({ status }) => status)).to.deep.equal(['cancelled']);
    });

    it('keep access for 21 days of an unpaid period, and lose it when Stripe gives up', async () => {
      const data = aReport({ accountId: account() });
      await report({ ...data, status: 'past_due' }, 1);
      const [late] = await subscriptionsOf(must(data.accountId, 'account'));
      await report({ ...data, status: 'unpaid' }, 2);
      const [lost] = await subscriptionsOf(must(data.accountId, 'account'));

      expect(late).to.include({ status: 'past_due' });
      // 31 January + 21 days.
      expect(late?.until).to.deep.equal(new Date('2026-02-21T00:00:00.000Z'));
      expect(lost).to.include({ status: 'suspended' });
    });

    it('keep the plan version they were given', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);

      const [document] = await documentsOf(must(data.accountId, 'account'));
      expect(document?.data).to.include({ planId: PRO.planId });
    });

    it('follow a plan that was changed there, with what it allows', async () => {
      const owner = account();
      const data = aReport({ accountId: owner });
      await report(data, 1);
      const changed = { unitPrice: { amount: 900, currency: 'USD' }, planFrom: 'price' as const, planKey: 'lite' };
      await report({ ...data, ...changed, priceReference: 'price_lite' }, 2);
      // Stripe's next news says no more than the subscription's own words: it stays what it has become.
      await report({ ...data, ...changed, planFrom: 'subscription', planKey: 'pro', status: 'past_due' }, 3);

      const documents = await documentsOf(owner);
      expect(documents.map(({ data: told }) => [told['planKey'], told['status']])).to.deep.equal([
        ['pro', 'active'],
        ['lite', 'active'],
        ['lite', 'past_due'],
      ]);
      expect(documents[1]?.data['entitlements']).to.deep.equal(lite.entitlements);
      const [row] = await subscriptionsOf(owner);
      expect(row).to.include({ price: 900, owner: 'stripe', due: null });
      expect(await parkedOf(data.reference)).to.deep.equal([]);
    });

    for (const [what, change] of [
      ['says nothing of its plan', { planFrom: 'subscription' }],
      ['is for a plan that is unknown here', { planFrom: 'price', planKey: 'gold' }],
      ['is for another product', { planFrom: 'price', productKey: 'assistant', planKey: 'lite' }],
    ] as const) {
      it(`wait for a person when the new price ${what}, and follow everything else`, async () => {
        const owner = account();
        const data = aReport({ accountId: owner });
        await report(data, 1);
        const anew = { ...data, ...change, unitPrice: { amount: 900, currency: 'USD' }, priceReference: 'price_new' };
        await report(anew, 2);
        await report({ ...anew, cancelAtPeriodEnd: true }, 3);

        expect(await parkedOf(data.reference)).to.deep.equal(['subscription.legacy_plan_unknown']);
        expect((await documentsOf(owner)).at(-1)?.data).to.include({ planKey: 'pro' });
        expect((await subscriptionsOf(owner))[0]).to.include({ price: 900, status: 'active' });
      });
    }

    it('follow every trial that Stripe gives, though one is had here once', async () => {
      const accountId = account();
      const trial = { accountId, status: 'trialing' } as const;
      const first = aReport(trial);
      await report(first, 1);
      await report({ ...first, status: 'cancelled', endedAt: '2026-02-14T00:00:00.000Z' }, 2);
      await report(aReport(trial), 1);

      expect((await subscriptionsOf(accountId)).map(({ status }) => status)).to.deep.equal(['cancelled', 'trialing']);
    });

    it('say nothing when nothing is new', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);
      await report(data, 2);

      expect(await documentsOf(must(data.accountId, 'account'))).to.have.length(1);
    });

    it('wait for a person when nobody can tell whose they are', async () => {
      const data = aReport({ accountId: null });
      await report(data, 1);

      const { rows } = await ground.owner.query('SELECT code, account_id FROM parked_work WHERE subject_id = $1', [
        data.reference,
      ]);
      expect(rows).to.deep.equal([{ code: 'subscription.legacy_unclaimed', account_id: null }]);
    });

    it('wait for a person when the account has the product already', async () => {
      const owner = account();
      await report(aReport({ accountId: owner }), 1);
      const second = aReport({ accountId: owner });
      await report(second, 1);

      const { rows } = await ground.owner.query('SELECT code FROM parked_work WHERE subject_id = $1', [
        second.reference,
      ]);
      expect(rows).to.deep.equal([{ code: 'subscription.legacy_second' }]);
      expect(await subscriptionsOf(owner)).to.have.length(1);
    });
  });
});

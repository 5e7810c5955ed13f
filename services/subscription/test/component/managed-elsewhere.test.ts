import { LegacySubscriptionReported } from '@quittance/contracts';
import { type AccountId, type Id, isId, must } from '@quittance/kernel';
import { expect } from 'chai';
import { type z } from 'zod';

import { anAccount, codeOf, customer, OPERATOR, subscriptionFor } from '../running-subscription.ts';

type Report = z.infer<typeof LegacySubscriptionReported.data>;

describe('a subscription that Stripe renews, here', () => {
  const suite = subscriptionFor();

  /** Mirrored from Stripe; `report` tells what Stripe says next. */
  const mirrored = async () => {
    const account: AccountId = anAccount();
    const data: Report = {
      provider: 'stripe',
      reference: `sub_${account.replaceAll(/\W/g, '')}`,
      status: 'active',
      accountId: account,
      productKey: 'automation',
      planKey: 'pro',
      interval: 'month',
      quantity: 1,
      unitPrice: { amount: 4900, currency: 'USD' },
      anchorAt: '2026-01-31T00:00:00.000Z',
      period: { start: '2026-02-28T00:00:00.000Z', end: '2026-03-31T00:00:00.000Z' },
      cancelAtPeriodEnd: false,
      endedAt: null,
    };
    let version = 0;
    const report = async (change: Partial<Report>): Promise<void> => {
      version += 1;
      const sent = { subject: data.reference, version, data: { ...data, ...change } };
      await suite.ground.handled(await suite.ground.send(LegacySubscriptionReported, sent));
    };
    await report({});
    const { rows } = await suite.ground.owner.query<{ id: string }>(
      'SELECT id FROM subscriptions WHERE account_id = $1',
      [account],
    );
    const id: Id<'sub'> = must(
      rows.map((row) => row.id).find((each) => isId('sub', each)),
      'the mirrored subscription',
    );
    return { account, id, report };
  };

  it('refuses to cancel, pause and resume what goes on at Stripe, and stays as it was', async () => {
    const { account, id } = await mirrored();
    const step = (name: string, body?: object) =>
      suite.ask(`/v1/subscriptions/${id}/${name}`, {
        as: customer(account),
        method: 'POST',
        ...(body === undefined ? {} : { body }),
      });
    const before = await suite.read(account, id);

    const answers = [
      await step('cancel', {}),
      await step('cancel', { when: 'now' }),
      await step('pause', {}),
      await step('resume'),
      await suite.ask(`/v1/subscriptions/${id}/status`, {
        as: OPERATOR,
        body: { status: 'cancelled', reason: 'They asked.' },
      }),
    ];

    expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 422));
    expect(new Set(answers.map(codeOf))).to.deep.equal(new Set(['subscription.managed_elsewhere']));
    expect(await suite.read(account, id)).to.deep.equal(before);
  });

  it('stays suspended through the next report from Stripe, until an operator lifts it', async () => {
    const { account, id, report } = await mirrored();
    const set = (status: string) =>
      suite.ask(`/v1/subscriptions/${id}/status`, { as: OPERATOR, body: { status, reason: 'A dispute.' } });

    await set('suspended');
    await report({ period: { start: '2026-03-31T00:00:00.000Z', end: '2026-04-30T00:00:00.000Z' } });
    const withheld = await suite.read(account, id);
    const lifted = await set('active');

    expect(withheld).to.include({ status: 'suspended' });
    expect(withheld.currentPeriod?.start).to.equal('2026-03-31T00:00:00.000Z');
    expect(lifted.status).to.equal(200);
    expect(await suite.read(account, id)).to.include({ status: 'active' });
  });
});

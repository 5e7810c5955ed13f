import { ApiPlannedChange, ApiSubscriptionChange } from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import {
  anAccount,
  type Answer,
  codeOf,
  customer,
  LITE,
  lite,
  Problem,
  subscriptionFor,
} from '../running-subscription.ts';

const AT_ONCE = 20;
const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };

describe('changes of one subscription at once', function () {
  this.timeout(30_000);
  const suite = subscriptionFor([lite]);

  const change = (account: AccountId, id: Id<'sub'>, body: object) =>
    suite.ask(`/v1/subscriptions/${id}/change`, { as: customer(account), body });
  const changesOf = async (account: AccountId, id: Id<'sub'>) => {
    const { body } = await suite.ask(`/v1/subscriptions/${id}/changes`, { as: customer(account) });
    return z
      .object({ data: z.array(ApiSubscriptionChange) })
      .parse(body)
      .data.map(({ status }) => status);
  };
  const versionTold = ({ body }: Answer) => Problem.parse(body).details['version'];

  it(`have one winner of ${AT_ONCE}; the others are told the version it left`, async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const { version: expectedVersion } = await suite.read(account, id);

    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => change(account, id, { planId: LITE.planId, expectedVersion })),
    );

    const { version } = await suite.read(account, id);
    expect(version).to.be.greaterThan(expectedVersion);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(new Set(lost.map(({ status }) => status))).to.deep.equal(new Set([409]));
    expect(new Set(lost.map(codeOf))).to.deep.equal(new Set(['subscription.changed_meanwhile']));
    expect(new Set(lost.map(versionTold))).to.deep.equal(new Set([version]));
    expect(await changesOf(account, id)).to.deep.equal(['scheduled']);
  });

  it('from one preview have one winner, also where it is to be paid for', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const wish = { quantity: 2 };
    const preview = await suite.ask(`/internal/subscriptions/${id}/plan-change`, { as: customer(account), body: wish });
    const { quote } = ApiPlannedChange.parse(preview.body);

    const answers = await Promise.all([1, 2, 3].map(() => change(account, id, { ...wish, ...urls, quote })));

    const lost = answers.filter(({ status }) => status !== 202);
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).to.deep.equal([202, 409, 409]);
    expect(['subscription.changed_meanwhile', 'subscription.quote_stale']).to.include.members(lost.map(codeOf));
    expect(lost.map(versionTold)).to.deep.equal(lost.map(() => lost.map(versionTold)[0]));
    expect(await changesOf(account, id)).to.deep.equal(['awaiting_payment']);
  });

  it('that read the same version without saying so have one winner; a later wish takes its place on purpose', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const { owner } = suite.ground;

    await owner.query('BEGIN');
    await owner.query('SELECT FROM subscriptions WHERE id = $1 FOR UPDATE', [id]);
    const asked = [2, 3].map((quantity) => change(account, id, { quantity, ...urls }));
    await waitFor(
      async () => {
        await owner.query('SELECT pg_stat_clear_snapshot()');
        const { rows } = await owner.query<{ waiting: number }>(
          `SELECT count(*)::int AS waiting FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows[0]?.waiting === 2 ? true : null;
      },
      { what: 'both changes to have read what they change' },
    );
    await owner.query('COMMIT');
    const answers = await Promise.all(asked);
    const later = await change(account, id, { quantity: 4, ...urls });

    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).to.deep.equal([202, 409]);
    expect(answers.filter(({ status }) => status === 409).map(codeOf)).to.deep.equal([
      'subscription.changed_meanwhile',
    ]);
    expect(later.status).to.equal(202);
    expect(await changesOf(account, id)).to.deep.equal(['awaiting_payment', 'superseded']);
  });

  it('that has ended are refused, and nothing is written', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    await suite.ask(`/v1/subscriptions/${id}/cancel`, { as: customer(account), body: { when: 'now' } });

    const refused = await change(account, id, { planId: LITE.planId });

    expect(refused.status).to.equal(409);
    expect(codeOf(refused)).to.equal('subscription.illegal_transition');
    expect(await changesOf(account, id)).to.deep.equal([]);
  });
});

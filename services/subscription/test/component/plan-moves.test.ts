import { ApiSubscription, GetPlanMove } from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { money, taxExclusive, toDecimal } from '@quittance/money';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { planPublished, PRO } from '../fixtures.ts';
import { movesFor, type MoveView, rowOf } from '../moves.ts';
import { anAccount, codeOf, customer, OPERATOR, Problem, subscriptionFor } from '../running-subscription.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const MOVES = `/v1/plans/${PRO.planId}/moves`;
/** Pro, version by version: each at its price, and none allows more than ten workflows. */
const version = (n: number, amount: number) =>
  planPublished({
    planVersionId: `plv_01j8zq4m7e8b2c3d4f5g6h7k9${n}`,
    versionNumber: n,
    trialDays: 14,
    entitlements: [{ kind: 'limit', feature: 'workflows', limit: 10 }],
    prices: [
      {
        priceId: `prc_01j8zq4m7e8b2c3d4f5g6h7k9${n}`,
        interval: 'month',
        amount: usd(amount),
        taxBehavior: 'exclusive',
        region: null,
      },
    ],
  });

describe('moving subscribers to the newest version of their plan', function () {
  this.timeout(60_000);
  const suite = subscriptionFor();
  before(async () => {
    await suite.publish(planPublished({ trialDays: 14 }), 2);
  });

  const { preview, start, view, until } = movesFor(suite, PRO.planId);
  const bought = async (): Promise<{ account: AccountId; id: Id<'sub'> }> => {
    const account = anAccount();
    return { account, id: await suite.buy(account) };
  };
  const tell = (one: { account: AccountId; id: Id<'sub'> }, verb: string, body: object) =>
    suite.ask(`/v1/subscriptions/${one.id}/${verb}`, { as: customer(one.account), body });

  it('previews every one, does what was previewed and nothing else, and tells what became of each', async () => {
    const [paying, changing, paused, ending, busy] = [
      await bought(),
      await bought(),
      await bought(),
      await bought(),
      await bought(),
    ];
    const trying = { account: anAccount() };
    const trial = ApiSubscription.parse(
      (
        await suite.ask('/v1/trials', {
          as: customer(trying.account),
          body: { planId: PRO.planId, currency: 'USD' },
        })
      ).body,
    );
    await tell(paused, 'pause', {});
    await tell(ending, 'cancel', {});
    await suite.ask(`/v1/accounts/${busy.account}/feature-counts/automation`, {
      as: { permissions: ['usage.write'], kind: 'service' },
      method: 'PUT',
      body: { counts: { workflows: 11 } },
    });
    await suite.publish(version(2, 12_900), 3);

    const first = await preview(2);
    const rest = await view(first.move.id, `&after=${first.nextCursor}`);
    const shown: MoveView = { ...first, data: [...first.data, ...rest.data] };

    expect(first.data).to.have.length(2);
    expect(shown.data).to.have.length(6);
    expect(shown.move.status).to.equal('previewed');
    expect(shown.counts).to.deep.equal({ planned: 3, moved: 0, notMoved: 3 });
    // Two that renew: 2 × 118.80 → 2 × (129 + 20 %)
    expect(shown.totals).to.deep.equal([{ count: 2, before: usd(23_760), after: usd(30_960), difference: usd(7200) }]);
    const before = await suite.read(paying.account, paying.id);
    expect(rowOf(shown, paying.id)).to.deep.include({
      accountId: paying.account,
      fromVersionId: PRO.planVersionId,
      toVersionId: version(2, 0).planVersionId,
      status: 'planned',
      effectiveAt: before.currentPeriod?.end,
      price: { before: usd(9900), after: usd(12_900) },
      nextCharge: { before: usd(11_880), after: usd(15_480), difference: usd(3600), withTax: true },
    });
    expect(rowOf(shown, trial.id)).to.deep.include({ status: 'planned', nextCharge: null });
    expect([paused, ending, busy].map(({ id }) => rowOf(shown, id)?.refusal?.code)).to.deep.equal([
      'subscription.illegal_transition',
      'subscription.ends_with_period',
      'subscription.usage_exceeds_plan',
    ]);
    expect(await suite.read(paying.account, paying.id)).to.deep.equal(before);

    await tell(changing, 'cancel', {});
    const started = await start(first.move.id);
    const again = await start(first.move.id);
    expect([started.status, again.id]).to.deep.equal(['running', first.move.id]);
    const done = await until(first.move.id, 'done');

    expect(done.counts).to.deep.equal({ planned: 0, moved: 2, notMoved: 4 });
    expect(rowOf(done, paying.id)?.status).to.equal('moved');
    expect(rowOf(done, changing.id)?.refusal?.code).to.equal('subscription.quote_stale');
    expect((await suite.read(changing.account, changing.id)).planVersionId).to.equal(PRO.planVersionId);
    expect(await suite.read(trying.account, trial.id)).to.deep.include({
      status: 'trialing',
      planVersionId: version(2, 0).planVersionId,
      price: usd(12_900),
      trialEnd: trial.trialEnd,
    });
    const after = await suite.read(paying.account, paying.id);
    expect(after).to.deep.include({ planVersionId: PRO.planVersionId, price: usd(9900) });
    expect(after.nextCharge).to.deep.equal({ at: before.currentPeriod?.end, amount: usd(15_480), withTax: true });
    const audited = await suite.ground.sent('audit.record-action');
    const about = (subject: string) =>
      audited.flatMap(({ data, actorkind }) => {
        const found = z.object({ subject: z.object({ id: z.string() }), action: z.string() }).parse(data);
        return found.subject.id === subject ? [[found.action, actorkind]] : [];
      });
    expect(about(first.move.id)).to.deep.equal([
      ['plan_move.started', 'operator'],
      ['plan_move.finished', 'operator'],
    ]);
    expect(about(paying.id).at(-1)).to.deep.equal(['subscription.change_requested', 'operator']);
    expect(about(changing.id).at(-1)).to.deep.equal(['subscription.move_refused', 'operator']);

    suite.ground.clock.set(before.currentPeriod?.end ?? '');
    const billed = await waitFor(
      async () =>
        (await suite.ground.sent('invoicing.open-invoice')).find(
          ({ subject, data }) => subject === paying.id && data['kind'] === 'renewal',
        ) ?? null,
      { what: 'the renewal' },
    );
    const lines = z
      .array(z.object({ quantity: z.int(), unitPrice: z.object({ amount: z.int() }) }))
      .parse(billed.data['lines']);
    // By the function that invoicing makes its drafts with: what was previewed is what is billed.
    const gross = lines.map(({ quantity, unitPrice }) =>
      toDecimal(taxExclusive(money(BigInt(quantity * unitPrice.amount), 'USD'), 200_000).gross),
    );
    expect(gross).to.deep.equal(['154.80']);
    expect((await suite.read(paying.account, paying.id)).planVersionId).to.equal(version(2, 0).planVersionId);
  });

  it('goes on where it stopped: what a replica had in its hands when it died is done when its lease is over', async () => {
    const [held, free] = [await bought(), await bought()];
    await suite.publish(version(3, 13_900), 4);
    const { move } = await preview();
    const hold = (leaseUntil: string) =>
      suite.ground.owner.query(
        'UPDATE plan_move_rows SET claimed_until = $1 WHERE move_id = $2 AND subscription_id = $3',
        [leaseUntil, move.id, held.id],
      );
    await hold('2999-01-01T00:00:00Z');
    await start(move.id);

    const half = await until(move.id, 'running', (found) => rowOf(found, free.id)?.status === 'moved');
    expect(rowOf(half, held.id)?.status).to.equal('planned');
    await hold('2000-01-01T00:00:00Z');
    const done = await until(move.id, 'done');

    expect([held, free].map(({ id }) => rowOf(done, id)?.status)).to.deep.equal(['moved', 'moved']);
    const { rows } = await suite.ground.owner.query(
      `SELECT count(*)::int AS n FROM subscription_changes WHERE subscription_id = ANY($1) AND kind = 'version_move'`,
      [[held.id, free.id]],
    );
    expect(rows).to.deep.equal([{ n: 2 }]);
  });

  it('tells of one that cannot be worked on in its row, and moves those beside it', async () => {
    const [unreadable, undecidable, ...fine] = [await bought(), await bought(), await bought(), await bought()];
    await suite.publish(version(4, 14_900), 5);
    const { move } = await preview();
    const spoil = (id: Id<'sub'>, set: string) =>
      suite.ground.owner.query(`UPDATE subscriptions SET ${set} WHERE id = $1`, [id]);
    await spoil(unreadable.id, "interval = 'never'");
    await spoil(undecidable.id, "plan_version_id = 'plv_01j8zq4m7e8b2c3d4f5g6h7k00'");

    await start(move.id);
    const done = await until(move.id, 'done');

    expect(fine.map(({ id }) => rowOf(done, id)?.status)).to.deep.equal(['moved', 'moved']);
    for (const { id } of [unreadable, undecidable]) {
      expect(rowOf(done, id)).to.include({ status: 'not_moved', changeId: null });
      expect(rowOf(done, id)?.refusal?.code).to.equal('subscription.move_failed');
      expect(rowOf(done, id)?.refusal?.message).to.include(id);
    }
    const refused = (await suite.ground.sent('audit.record-action')).filter(
      ({ data }) => data['action'] === 'subscription.move_refused',
    );
    for (const { id } of [unreadable, undecidable]) expect(JSON.stringify(refused)).to.include(id);
    await spoil(unreadable.id, "interval = 'month'");
    await spoil(undecidable.id, `plan_version_id = '${PRO.planVersionId}'`);
  });

  it('finds nobody on an older version only when it knows the version that was published', async () => {
    const one = await bought();
    const newest = version(7, 17_900);
    const ask = async () => {
      const path = `${MOVES}/preview?limit=100&toVersionId=${newest.planVersionId}`;
      return suite.ask(path, { as: OPERATOR, method: 'POST' });
    };

    const early = await ask();
    await suite.publish(newest, 17);
    const shown = GetPlanMove.answer.parse((await ask()).body);
    await suite.publish(version(8, 18_900), 18);
    const late = await ask();

    expect([early.status, codeOf(early)]).to.deep.equal([409, 'subscription.version_not_here']);
    expect(rowOf(shown, one.id)?.toVersionId).to.equal(newest.planVersionId);
    expect([late.status, codeOf(late)]).to.deep.equal([409, 'subscription.version_superseded']);
    expect(Problem.parse(late.body).details['newestVersionId']).to.equal(version(8, 0).planVersionId);
  });

  it('refuses a preview of a version that is not the newest any more, an unknown one, and customers', async () => {
    await bought();
    await suite.publish(version(5, 15_900), 26);
    const { move } = await preview();
    await suite.publish(version(6, 16_900), 27);
    const ask = (body: object, as = OPERATOR) => suite.ask(MOVES, { as, body });

    expect(codeOf(await ask({ quote: move.id }))).to.equal('subscription.quote_stale');
    expect((await ask({ quote: 'mov_01j8zq4m7e8b2c3d4f5g6h7k99' })).status).to.equal(404);
    expect((await ask({ quote: move.id }, customer(anAccount()))).status).to.equal(403);
    const listed = await suite.ask(MOVES, { as: OPERATOR });
    expect(JSON.stringify(listed.body)).not.to.include(move.id);
  });
});

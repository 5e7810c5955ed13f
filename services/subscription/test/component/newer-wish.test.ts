import {
  ApiPlannedChange,
  ApiSubscription,
  ApiSubscriptionChange,
  InvoicePaid,
  OrderOpened,
} from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { invoicePaid, orderOpened } from '../fixtures.ts';
import { anAccount, customer, LITE, lite, OPERATOR, subscriptionFor, TEAM, teamFor } from '../running-subscription.ts';

const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };

describe('what waits, and a newer wish', function () {
  this.timeout(30_000);
  const suite = subscriptionFor([teamFor(19900), lite]);

  const change = (account: AccountId, id: Id<'sub'>, body: object) =>
    suite.ask(`/v1/subscriptions/${id}/change`, { as: customer(account), body });
  const preview = async (account: AccountId, id: Id<'sub'>, body: object) => {
    const asked = await suite.ask(`/internal/subscriptions/${id}/plan-change`, { as: customer(account), body });
    return ApiPlannedChange.parse(asked.body);
  };
  const changesOf = async (account: AccountId, id: Id<'sub'>) => {
    const { body } = await suite.ask(`/v1/subscriptions/${id}/changes`, { as: customer(account) });
    return z.object({ data: z.array(ApiSubscriptionChange) }).parse(body).data;
  };

  it('ends a page that was open before it: only the downgrade is left, as its preview said', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const asked = change(account, id, { planId: TEAM.planId, ...urls });
    const { checkoutId } = await suite.requested(account, 'plan_change');

    const shown = await preview(account, id, { planId: LITE.planId });
    await change(account, id, { planId: LITE.planId, quote: shown.quote });

    expect(shown).to.include({ kind: 'downgrade', supersededCheckoutId: checkoutId, replacedChange: null });
    const session = await suite.ask(`/v1/checkout-sessions/${checkoutId}`, { as: customer(account) });
    expect(session.body).to.include({ status: 'superseded', payUrl: null });
    const given = (await suite.ground.sent('invoicing.cancel-invoice')).map(({ data }) => data['checkoutId']);
    expect(given).to.include(checkoutId);
    expect((await changesOf(account, id)).map(({ status }) => status)).to.deep.equal(['scheduled', 'superseded']);
    expect((await asked).status).to.equal(200);
  });

  it('is bought as it was previewed also before the first paid period has begun', async () => {
    const account = anAccount();
    const trial = { planId: LITE.planId, currency: 'USD' };
    const begun = await suite.ask('/v1/trials', { as: customer(account), body: trial });
    const { id, trialEnd } = ApiSubscription.parse(begun.body);
    const asked = change(account, id, { planId: LITE.planId, ...urls });
    const sale = await suite.requested(account, 'plan_change');
    const facts = { checkoutId: sale.checkoutId, subscriptionId: id, accountId: account };
    const paid = { ...invoicePaid(facts), kind: 'plan_change' as const, changeId: sale.changeId, period: sale.period };
    await suite.ground.handled(await suite.ground.send(OrderOpened, { data: orderOpened(facts) }));
    await suite.ground.handled(await suite.ground.send(InvoicePaid, { data: paid }));
    await asked;
    expect((await suite.read(account, id)).currentPeriod?.start).to.equal(trialEnd);

    const wish = { planId: TEAM.planId };
    const shown = await preview(account, id, wish);
    const done = await change(account, id, { ...wish, ...urls, quote: shown.quote });

    expect(shown.lines.map(({ period }) => period.start)).to.deep.equal([trialEnd, trialEnd]);
    expect(done.status).to.equal(202);
  });

  it('is told in its preview what is scheduled already', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    await change(account, id, { planId: LITE.planId });
    const [scheduled] = await changesOf(account, id);

    const shown = await preview(account, id, { quantity: 2 });

    expect(shown.replacedChange).to.deep.equal(scheduled);
    expect(shown.supersededCheckoutId).to.equal(null);
  });

  it('that is scheduled outlives a suspension, and takes effect with its bonus where the period ends now', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    await change(account, id, { planId: LITE.planId });
    const status = (to: string) =>
      suite.ask(`/v1/subscriptions/${id}/status`, { as: OPERATOR, body: { status: to, reason: 'Looked into.' } });

    await status('suspended');
    const waiting = await changesOf(account, id);
    suite.ground.clock.advance({ days: 40 });
    await status('active');

    expect(waiting.map((one) => [one.status, one.bonusDays])).to.deep.equal([['scheduled', 20]]);
    const after = await waitFor(
      async () => {
        const read = await suite.read(account, id);
        return read.planKey === 'lite' ? read : null;
      },
      { what: 'the downgrade' },
    );
    const [applied] = await changesOf(account, id);
    expect(applied?.effectiveAt).to.equal((await suite.read(account, id)).currentPeriod?.start);
    expect(applied?.effectiveAt).to.not.equal(waiting[0]?.effectiveAt);
    const [start, end] = [after.currentPeriod?.start, after.currentPeriod?.end].map((text) => Date.parse(text ?? ''));
    expect((end ?? 0) - (start ?? 0)).to.equal(20 * 86_400_000);
    expect(after.nextCharge?.at).to.equal(after.currentPeriod?.end);
  });
});

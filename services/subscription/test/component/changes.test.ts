import {
  ApiPlannedChange,
  ApiSubscriptionChange,
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  OrderOpened,
} from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { FREE, invoiceDrafted, invoicePaid, invoiceVoided, orderOpened } from '../fixtures.ts';
import {
  anAccount,
  codeOf,
  customer,
  LITE,
  lite,
  OPERATOR,
  Problem,
  subscriptionFor,
  TEAM,
  teamFor,
} from '../running-subscription.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });

const Committed = z.object({
  change: ApiSubscriptionChange,
  checkout: z.object({ id: z.string(), status: z.string(), payUrl: z.string().nullable() }).nullable(),
});

describe('changing a subscription', () => {
  const suite = subscriptionFor([teamFor(19900), lite]);

  const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };
  const plan = async (account: string, id: Id<'sub'>, body: unknown) =>
    ApiPlannedChange.parse(
      (await suite.ask(`/internal/subscriptions/${id}/plan-change`, { as: customer(account), body })).body,
    );
  const change = (account: string, id: Id<'sub'>, body: unknown) =>
    suite.ask(`/v1/subscriptions/${id}/change`, { as: customer(account), body });

  /** Asks for a change that is paid for, and plays invoicing and the rail until there is a page to pay at. */
  const offered = async (account: AccountId, id: Id<'sub'>, body: object) => {
    const asked = change(account, id, { ...body, ...urls });
    const sale = await suite.requested(account, 'plan_change');
    const facts = { checkoutId: sale.checkoutId, subscriptionId: id, accountId: account };
    const changed = { kind: 'plan_change' as const, changeId: sale.changeId };
    await suite.ground.handled(
      await suite.ground.send(InvoiceDrafted, { data: { ...invoiceDrafted(facts), ...changed } }),
    );
    await suite.ground.handled(await suite.ground.send(OrderOpened, { data: orderOpened(facts) }));
    const committed = Committed.parse((await asked).body);
    return { ...committed, sale, facts, paid: { ...invoicePaid(facts), ...changed } };
  };

  it('upgrades when the invoice of the difference is paid, once, whoever delivers it how often', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    suite.ground.clock.advance({ days: 10 });
    const preview = await plan(account, id, { planId: TEAM.planId });

    const {
      change: asked,
      checkout,
      sale,
      paid,
    } = await offered(account, id, { planId: TEAM.planId, quote: preview.quote });

    expect(asked).to.include({ kind: 'upgrade', status: 'awaiting_payment' });
    expect(checkout).to.include({ status: 'open', payUrl: 'https://pay.example/session' });
    expect(sale.lines).to.deep.equal(preview.lines);
    expect(preview.lines.reduce((sum, line) => sum + line.unitPrice.amount, 0)).to.equal(asked.charge.amount);
    expect(await suite.read(account, id)).to.include({ planKey: 'pro' });

    const first = await suite.ground.send(InvoicePaid, { id: `paid:${id}`, version: 1, data: paid });
    const second = await suite.ground.send(InvoicePaid, { id: `again:${id}`, version: 1, data: paid });
    await Promise.all([suite.ground.handled(first), suite.ground.handled(second)]);

    const after = await suite.read(account, id);
    expect(after).to.include({ planKey: 'team', status: 'active' });
    expect(after.currentPeriod?.end).to.equal(preview.afterwards.currentPeriod?.end);
    expect(after.nextCharge).to.deep.equal({ at: preview.afterwards.renewsAt, amount: usd(23880), withTax: true });
    const documents = (await suite.ground.sent('entitlements.changed.v1')).filter(
      ({ data }) => data['accountId'] === account,
    );
    expect(documents.map(({ data }) => data['planKey'])).to.deep.equal(['pro', 'team']);
  });

  it('gives a newer wish the place of an older one', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const first = await offered(account, id, { planId: TEAM.planId });
    const second = await offered(account, id, { planId: TEAM.planId, quantity: 2 });

    const listed = z
      .object({ data: z.array(ApiSubscriptionChange) })
      .parse((await suite.ask(`/v1/subscriptions/${id}/changes`, { as: customer(account) })).body);

    expect(listed.data.map(({ status }) => status)).to.deep.equal(['awaiting_payment', 'superseded']);
    expect(listed.data[0]?.id).to.equal(second.change.id);
    const cancelled = (await suite.ground.sent('invoicing.cancel-invoice')).map(({ data }) => data['checkoutId']);
    expect(cancelled).to.include(first.facts.checkoutId);
  });

  it('lets a change lapse with its unpaid checkout; the subscription goes on as it was', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const { facts, change: asked } = await offered(account, id, { planId: TEAM.planId });

    await suite.ground.handled(await suite.ground.send(InvoiceVoided, { data: invoiceVoided(facts) }));

    const { body } = await suite.ask(`/v1/subscriptions/${id}/changes`, { as: customer(account) });
    expect(JSON.stringify(body)).to.include(`"status":"lapsed"`).and.to.include(asked.id);
    expect(await suite.read(account, id)).to.include({ planKey: 'pro', status: 'active' });
  });

  it('asks a person when a change was paid that no longer fits', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const { paid, change: asked } = await offered(account, id, { planId: TEAM.planId });
    await suite.ask(`/v1/subscriptions/${id}/cancel`, { as: customer(account), body: { when: 'now' } });

    await suite.ground.handled(await suite.ground.send(InvoicePaid, { data: paid }));

    const { body } = await suite.ask('/internal/attention', { as: { permissions: ['billing.read'] } });
    expect(JSON.stringify(body)).to.include('subscription.change_outdated').and.to.include(asked.id);
    expect(await suite.read(account, id)).to.include({ planKey: 'pro', status: 'cancelled' });
  });

  it('refuses a stale preview, and a payment without a way back', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const { quote } = await plan(account, id, { planId: TEAM.planId });
    await suite.ask(`/v1/subscriptions/${id}/cancel`, { as: customer(account), body: {} });

    expect(codeOf(await change(account, id, { planId: TEAM.planId, quote, ...urls }))).to.equal(
      'subscription.quote_stale',
    );
    expect(codeOf(await change(account, id, { planId: TEAM.planId }))).to.equal('subscription.payment_needed');
    const less = { as: customer(account), body: { planId: LITE.planId } };
    const [shown, done] = [
      await suite.ask(`/internal/subscriptions/${id}/plan-change`, less),
      await suite.ask(`/v1/subscriptions/${id}/change`, less),
    ];
    expect([shown, done].map(codeOf)).to.deep.equal(['subscription.ends_with_period', 'subscription.ends_with_period']);
  });

  it('refuses the preview of another change: what was not shown is not bought', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const { quote } = await plan(account, id, { quantity: 4 });

    const other = await change(account, id, { quantity: 5, quote, ...urls });

    expect([other.status, codeOf(other)]).to.deep.equal([409, 'subscription.quote_stale']);
    expect((await change(account, id, { planId: LITE.planId, quote })).status).to.equal(409);
    expect((await change(account, id, { quantity: 4, quote, ...urls })).status).to.equal(202);
  });

  it('schedules a downgrade, undoes it, and schedules it again', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const preview = await plan(account, id, { planId: LITE.planId });
    const scheduled = Committed.parse((await change(account, id, { planId: LITE.planId, quote: preview.quote })).body);

    const undone = await suite.ask(`/v1/subscriptions/${id}/changes/${scheduled.change.id}/undo`, {
      as: customer(account),
      method: 'POST',
    });
    const twice = await suite.ask(`/v1/subscriptions/${id}/changes/${scheduled.change.id}/undo`, {
      as: customer(account),
      method: 'POST',
    });
    const again = Committed.parse((await change(account, id, { planId: LITE.planId })).body);

    expect(scheduled.change).to.include({
      kind: 'downgrade',
      status: 'scheduled',
      effectiveAt: preview.effectiveAt,
      bonusDays: 20,
    });
    expect(undone.status).to.equal(200);
    expect(codeOf(twice)).to.equal('subscription.change_settled');
    expect(again.change.status).to.equal('scheduled');
  });

  it('gives up a change that waits for its payment: nothing can be paid any more, and another one has its place', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const asked = change(account, id, { planId: TEAM.planId, ...urls });
    const { checkoutId, changeId } = await suite.requested(account, 'plan_change');
    const before = await suite.read(account, id);

    const undone = await suite.ask(`/v1/subscriptions/${id}/changes/${changeId}/undo`, {
      as: customer(account),
      method: 'POST',
    });

    expect(undone.body).to.deep.include({ id: changeId, status: 'undone' });
    expect((await asked).status).to.equal(200);
    const session = await suite.ask(`/v1/checkout-sessions/${checkoutId}`, { as: customer(account) });
    expect(session.body).to.include({ status: 'superseded', payUrl: null });
    const given = (await suite.ground.sent('invoicing.cancel-invoice')).filter(
      ({ data }) => data['checkoutId'] === checkoutId,
    );
    expect(given.map(({ data }) => data['reason'])).to.deep.equal(['Undone on request.']);
    const after = await suite.read(account, id);
    expect({ ...after, version: before.version }).to.deep.equal(before);
    expect(Committed.parse((await change(account, id, { planId: LITE.planId })).body).change.status).to.equal(
      'scheduled',
    );
  });

  it('refuses a downgrade while more is in use than the plan allows, as the platform service counted', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const report = (count: number) =>
      suite.ask(`/v1/accounts/${account}/feature-counts/automation`, {
        as: { permissions: ['usage.write'], kind: 'service' },
        method: 'PUT',
        body: { counts: { workflows: count } },
      });

    await report(6);
    const refused = await change(account, id, { planId: LITE.planId });
    suite.ground.clock.advance({ seconds: 1 });
    await report(5);
    const scheduled = await change(account, id, { planId: LITE.planId });

    expect(codeOf(refused)).to.equal('subscription.usage_exceeds_plan');
    expect(Problem.parse(refused.body).details).to.deep.equal({
      exceeded: [{ feature: 'workflows', used: 6, limit: 5 }],
    });
    expect(scheduled.status).to.equal(200);
  });

  it('applies what was scheduled when its day comes: the bonus period, at no price, on the new plan', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const preview = await plan(account, id, { planId: LITE.planId });
    await change(account, id, { planId: LITE.planId, quote: preview.quote });

    suite.ground.clock.set(preview.effectiveAt);

    const after = await waitFor(
      async () => {
        const read = await suite.read(account, id);
        return read.planKey === 'lite' ? read : null;
      },
      { what: 'the downgrade' },
    );
    expect(after.currentPeriod).to.deep.equal(preview.afterwards.currentPeriod);
    expect(after.nextCharge).to.deep.equal({ at: preview.afterwards.renewsAt, amount: usd(5880), withTax: true });
    const documents = (await suite.ground.sent('entitlements.changed.v1')).filter(
      ({ data }) => data['accountId'] === account,
    );
    expect(documents.at(-1)?.data).to.include({ planKey: 'lite', status: 'active' });
  });

  it('serves operators on a tenant: items by hand, previewed and committed; customers cannot', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const body = { items: [{ key: 'training', name: 'Training', unitPrice: usd(0), quantity: 2 }] };

    const planned = await suite.ask(`/internal/subscriptions/${id}/plan-items`, { as: OPERATOR, body });
    const done = await suite.ask(`/v1/subscriptions/${id}/items/commit`, { as: OPERATOR, body });
    const forbidden = await suite.ask(`/v1/subscriptions/${id}/items/commit`, { as: customer(account), body });

    expect(ApiPlannedChange.parse(planned.body).lines).to.deep.equal([]);
    expect(done.status).to.equal(200);
    expect((await suite.read(account, id)).items.map(({ key, quantity }) => [key, quantity])).to.deep.equal([
      ['pro', 1],
      ['training', 2],
    ]);
    expect(forbidden.status).to.equal(403);
  });

  it('answers for another account as for nothing', async () => {
    const id = await suite.buy(anAccount());

    expect((await change(anAccount(), id, { planId: FREE.planId })).status).to.equal(404);
    expect(
      (await suite.ask(`/v1/subscriptions/${id}/cancel`, { as: customer(anAccount()), body: {} })).status,
    ).to.equal(404);
  });
});

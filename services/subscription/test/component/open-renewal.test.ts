import { InvoiceCollectionFailed, InvoiceDrafted, InvoicePaid, OrderOpened } from '@quittance/contracts';
import { type AccountId, type Id, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { invoiceDrafted, invoicePaid, orderOpened } from '../fixtures.ts';
import { anAccount, codeOf, customer, OPERATOR, subscriptionFor } from '../running-subscription.ts';

interface Period {
  readonly start: string;
  readonly end: string;
}

describe('a subscription whose renewal is being collected', function () {
  this.timeout(30_000);
  const suite = subscriptionFor();

  /** Asked for the renewal that begins at `from`: the period it would begin. */
  const untilRenewing = (id: Id<'sub'>, from: string): Promise<Period> =>
    waitFor(
      async () => {
        const asked = await suite.ground.sent('invoicing.open-invoice');
        const own = asked.find(({ id: sent }) => sent === `${id}:${from}:open-invoice`);
        const period = own?.data['period'];
        return isPeriod(period) ? period : null;
      },
      { what: `the renewal of ${id} from ${from}`, deadlineMs: 10_000 },
    );
  const isPeriod = (value: unknown): value is Period => typeof value === 'object' && value !== null && 'end' in value;

  const renewing = async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const end = await endOf(account, id);
    suite.ground.clock.set(end);
    return { account, id, period: await untilRenewing(id, end) };
  };
  const endOf = async (account: string, id: Id<'sub'>): Promise<string> =>
    must((await suite.read(account, id)).currentPeriod?.end, 'the end of a period');
  const step = (account: string, path: `${Id<'sub'>}/${string}`, body: object) =>
    suite.ask(`/v1/subscriptions/${path}`, { as: customer(account), body });
  const setStatus = (id: Id<'sub'>, status: string) =>
    suite.ask(`/v1/subscriptions/${id}/status`, { as: OPERATOR, body: { status, reason: 'A dispute.' } });

  const renewalOf = (one: { account: AccountId; id: Id<'sub'>; period: Period }) => {
    const sale = {
      checkoutId: 'chk_01j8zq4m7e8b2c3d4f5g6h7k01',
      subscriptionId: one.id,
      accountId: one.account,
    } as const;
    return { ...invoicePaid(sale), kind: 'renewal' as const, checkoutId: null, period: one.period };
  };
  const paid = async (one: { account: AccountId; id: Id<'sub'>; period: Period }) =>
    suite.ground.handled(
      await suite.ground.send(InvoicePaid, { correlationId: `${one.id}:${one.period.start}`, data: renewalOf(one) }),
    );
  const declined = async (one: { account: AccountId; id: Id<'sub'>; period: Period }) => {
    const { invoiceId, number, kind, accountId, productId, subscriptionId, changeId, period, totals } = renewalOf(one);
    const data = {
      invoiceId,
      number: must(number, 'a number'),
      kind,
      accountId,
      productId,
      subscriptionId,
      changeId,
      period,
    };
    const failure = { attempt: 1, reason: 'card_declined' as const, failedAt: period.start };
    const sent = { data: { ...data, total: totals.total, ...failure } };
    await suite.ground.handled(await suite.ground.send(InvoiceCollectionFailed, sent));
  };
  const givenUp = async (id: Id<'sub'>) =>
    (await suite.ground.sent('invoicing.cancel-renewal-invoice')).filter(({ subject }) => subject === id);
  const attention = async () =>
    JSON.stringify((await suite.ask('/internal/attention', { as: { permissions: ['billing.read'] } })).body);

  it('is neither paused nor ended with its period meanwhile, and both can be done when it is paid', async () => {
    const one = await renewing();
    const { account, id } = one;

    const refused = [await step(account, `${id}/cancel`, {}), await step(account, `${id}/pause`, {})];
    expect(refused.map(({ status }) => status)).to.deep.equal([409, 409]);
    expect(refused.map(codeOf)).to.deep.equal(['subscription.renewal_in_progress', 'subscription.renewal_in_progress']);
    expect(await suite.read(account, id)).to.include({ status: 'active', cancelAtPeriodEnd: false });

    await paid(one);
    expect((await step(account, `${id}/cancel`, {})).status).to.equal(200);
    expect(await suite.read(account, id)).to.deep.include({ currentPeriod: one.period, cancelAtPeriodEnd: true });
    expect(await givenUp(id)).to.deep.equal([]);
  });

  it('is cancelled now: its invoice is given up, and money that comes anyway waits for a person', async () => {
    const one = await renewing();
    const { account, id, period } = one;

    const cancelled = await step(account, `${id}/cancel`, { when: 'now' });
    await paid(one);

    expect(cancelled.status).to.equal(200);
    expect(await suite.read(account, id)).to.include({ status: 'cancelled' });
    expect((await givenUp(id)).map(({ id: sent, data }) => [sent, data['periodStart']])).to.deep.equal([
      [`${id}:${period.start}:cancel-invoice`, period.start],
    ]);
    expect(await attention())
      .to.include('subscription.paid_after_end')
      .and.to.include(id);
  });

  it('does not become the dearer plan by a page that was opened before it and is paid now', async () => {
    const account = anAccount();
    const id = await suite.buy(account);
    const asked = step(account, `${id}/change`, {
      quantity: 2,
      successUrl: 'https://a.example/',
      cancelUrl: 'https://a.example/',
    });
    const { checkoutId, changeId } = await suite.requested(account, 'plan_change');
    const sale = { checkoutId, subscriptionId: id, accountId: account };
    const changed = { kind: 'plan_change' as const, changeId };
    await suite.ground.handled(
      await suite.ground.send(InvoiceDrafted, { data: { ...invoiceDrafted(sale), ...changed } }),
    );
    await suite.ground.handled(await suite.ground.send(OrderOpened, { data: orderOpened(sale) }));
    await asked;
    const end = await endOf(account, id);
    suite.ground.clock.set(end);
    const period = await untilRenewing(id, end);

    await suite.ground.handled(await suite.ground.send(InvoicePaid, { data: { ...invoicePaid(sale), ...changed } }));
    await paid({ account, id, period });

    expect(await attention())
      .to.include('subscription.change_outdated')
      .and.to.include(changeId ?? 'no change');
    const after = await suite.read(account, id);
    expect(after).to.deep.include({ currentPeriod: period, status: 'active' });
    expect(after.items.map(({ quantity }) => quantity)).to.deep.equal([1]);
  });

  it('is past due, suspended and reinstated: the invoice of the time it had access in is owed still', async () => {
    const one = await renewing();
    const { account, id, period } = one;
    await declined(one);
    expect(await suite.read(account, id)).to.include({ status: 'past_due' });
    suite.ground.clock.advance({ days: 19 });
    const before = await suite.read(account, id);

    await setStatus(id, 'suspended');
    await setStatus(id, 'active');

    const after = await suite.read(account, id);
    expect(after).to.deep.include({
      status: 'past_due',
      currentPeriod: before.currentPeriod,
      accessUntil: before.accessUntil,
    });
    expect(await givenUp(id)).to.deep.equal([]);
    await paid(one);
    expect(await suite.read(account, id)).to.deep.include({ status: 'active', currentPeriod: period });
  });

  it('is past due, withheld until the unpaid period is over, and paid: that period lasts until access came back', async () => {
    const one = await renewing();
    const { account, id, period } = one;
    await declined(one);
    suite.ground.clock.advance({ hours: 1 });
    await setStatus(id, 'suspended');
    suite.ground.clock.set(period.end);
    suite.ground.clock.advance({ days: 4 });
    const back = suite.ground.clock.now().toISOString();

    await setStatus(id, 'active');
    await paid(one);

    expect(await suite.read(account, id)).to.deep.include({ currentPeriod: { start: period.start, end: back } });
    expect(await untilRenewing(id, back)).to.include({ start: back });
    expect(await givenUp(id)).to.deep.equal([]);
  });

  it('is withheld from the instant it fell due: reinstated, one invoice is owed, and the old one takes no money silently', async () => {
    const one = await renewing();
    const { account, id, period } = one;
    await declined(one);
    expect(await suite.read(account, id)).to.include({ status: 'past_due' });
    await setStatus(id, 'suspended');
    expect(await givenUp(id)).to.deep.equal([]);
    suite.ground.clock.advance({ days: 4 });

    await setStatus(id, 'active');

    const stretched = (await suite.read(account, id)).currentPeriod;
    const next = await untilRenewing(id, await endOf(account, id));
    expect((await givenUp(id)).map(({ data }) => data['periodStart'])).to.deep.equal([period.start]);
    await paid(one);
    expect(await attention())
      .to.include('subscription.paid_for_other_period')
      .and.to.include(id);
    expect((await suite.read(account, id)).currentPeriod).to.deep.equal(stretched);
    await paid({ ...one, period: next });
    expect((await suite.read(account, id)).currentPeriod).to.deep.equal(next);
    const begun = (await suite.ground.audited()).filter((action) => action === 'subscription.renewal_begun');
    expect(begun.length).to.equal((await renewalsAsked()).length);
  });

  const renewalsAsked = async () =>
    (await suite.ground.sent('invoicing.open-invoice')).filter(({ data }) => data['kind'] === 'renewal');
});

import { InvoiceCollectionFailed, InvoicePaid, ListRenewals, PlanPublished } from '@quittance/contracts';
import { type AccountId, assert, type Id, isAccountId, makeNewId, must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround, waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { buildService, subscriptionConfig } from '../../src/service.ts';
import { planPublished, PRO, PRODUCT } from '../fixtures.ts';

const newId = makeNewId(() => Date.parse('2026-01-31T09:00:00Z'));
const DAY_MS = 24 * 60 * 60 * 1000;

const PLAN_ITEM = {
  ...PRO,
  key: 'pro',
  name: 'Pro',
  quantity: 1,
  unitPriceMinor: '9900',
  taxBehavior: 'exclusive',
};

interface Renewing {
  readonly id: Id<'sub'>;
  readonly accountId: AccountId;
}

describe('renewals at subscription', function () {
  this.timeout(30_000);
  let ground: ServiceGround;
  let services: RunningService[] = [];

  const start = async (): Promise<RunningService> => {
    const config = loadConfig(subscriptionConfig, { ...ground.env, BEAT_INTERVAL_MS: '60000' });
    const built = buildService({ ...ground, config });
    await built.start();
    return built;
  };

  before(async () => {
    ground = await makeServiceGround('subscription');
    services = [await start(), await start()];
    await ground.handled(await ground.send(PlanPublished, { version: 1, data: planPublished() }));
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await ground.end();
  });

  /** Bought on 31 January and paid until 28 February; due then unless told otherwise. */
  const aSubscription = async (overrides: Readonly<Record<string, unknown>> = {}): Promise<Renewing> => {
    const accountId = `acc-${newId('tst').slice(4)}`;
    assert(isAccountId(accountId), accountId);
    const row = {
      id: newId('sub'),
      account_id: accountId,
      product_id: PRODUCT,
      product_key: 'automation',
      plan_id: PRO.planId,
      plan_version_id: PRO.planVersionId,
      plan_key: 'pro',
      plan_name: 'Pro',
      status: 'active',
      interval: 'month',
      items: [PLAN_ITEM],
      price_minor: '9900',
      currency: 'USD',
      anchor_at: '2026-01-31T09:00:00Z',
      period_start: '2026-01-31T09:00:00Z',
      period_end: '2026-02-28T09:00:00Z',
      access_until: '2026-03-03T09:00:00Z',
      due_at: '2026-02-28T09:00:00Z',
      due_kind: 'renewal',
      renewal_minor: '11880',
      tax_rate_ppm: 200_000,
      version: '1',
      created_at: '2026-01-31T09:00:00Z',
      updated_at: '2026-01-31T09:00:00Z',
      ...overrides,
    };
    const names = Object.keys(row).map((name) => `"${name}"`);
    await ground.owner.query(
      `INSERT INTO subscriptions (${names.join(', ')})
       SELECT ${names.join(', ')} FROM jsonb_populate_record(null::subscriptions, $1)`,
      [
        {
          period_kind: 'paid',
          period_paid_minor: '9900',
          cancel_at_period_end: false,
          renewal_owner: 'platform',
          ...row,
        },
      ],
    );
    return { id: row.id, accountId };
  };

  const requests = async ({ id }: Renewing) =>
    (await ground.sent('invoicing.open-invoice')).filter(({ subject }) => subject === id);
  const untilAsked = (one: Renewing) =>
    waitFor(async () => (await requests(one))[0] ?? null, { what: `the invoice of ${one.id}`, deadlineMs: 10_000 });
  const rowOf = async ({ id }: Renewing) => {
    const { rows } = await ground.owner.query<Record<string, unknown>>('SELECT * FROM subscriptions WHERE id = $1', [
      id,
    ]);
    return must(rows[0], 'the row');
  };
  const period = { start: '2026-02-28T09:00:00.000Z', end: '2026-03-31T09:00:00.000Z' };
  const invoice = ({ id, accountId }: Renewing) => ({
    invoiceId: newId('inv'),
    number: 'QT-2026-000002',
    kind: 'renewal' as const,
    accountId,
    productId: PRODUCT,
    subscriptionId: id,
    changeId: null,
    period,
  });
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  const paid = async (one: Renewing, overrides: object = {}) => {
    const line = {
      description: 'Pro',
      quantity: 1,
      unitPrice: usd(9900),
      net: usd(9900),
      tax: usd(1980),
      gross: usd(11880),
    };
    const data = InvoicePaid.data.parse({
      ...invoice(one),
      status: 'paid',
      checkoutId: null,
      currency: 'USD',
      lines: [{ ...line, taxRatePpm: 200_000, taxReason: 'French VAT.', period }],
      totals: { subtotal: usd(9900), tax: usd(1980), total: usd(11880) },
      issuedAt: period.start,
      paidAt: period.start,
      payment: null,
      ...overrides,
    });
    await ground.handled(await ground.send(InvoicePaid, { data, version: 1 }));
  };
  const missed = async (one: Renewing, attempt = 1) => {
    const data = {
      ...invoice(one),
      total: usd(11880),
      attempt,
      reason: 'card_declined' as const,
      failedAt: period.start,
    };
    await ground.handled(await ground.send(InvoiceCollectionFailed, { data, version: 1 }));
  };
  const documentsOf = async ({ id }: Renewing) =>
    (await ground.sent('entitlements.changed.v1')).filter(({ data }) => data['subscriptionId'] === id);

  it('asks for the invoice of the next period, counted from the anchor, once', async () => {
    const one = await aSubscription();
    services.forEach((service) => service.wake());

    const request = await untilAsked(one);

    // 31 January + 2 months, not 28 February + 1 month
    expect(request.data['period']).to.deep.equal(period);
    expect(request.id).to.equal(`${one.id}:2026-02-28T09:00:00.000Z:open-invoice`);
    expect(request.data).to.deep.include({ kind: 'renewal', checkoutId: null, collect: { kind: 'automatic' } });
    expect(request.data['lines']).to.deep.equal([
      { description: 'Pro', quantity: 1, unitPrice: usd(9900), taxBehavior: 'exclusive', period },
    ]);
    expect(await rowOf(one)).to.include({ status: 'active', due_at: null, due_kind: null, claimed_until: null });
    expect(await ground.audited()).to.include('subscription.renewal_begun');
  });

  it('begins the period when it is paid, with the next one due at its end', async () => {
    const one = await aSubscription();
    await untilAsked(one);

    await paid(one);
    await paid(one);

    const row = await rowOf(one);
    expect(row).to.include({ status: 'active', due_kind: 'renewal', renewal_minor: '11880' });
    expect(row['period_end']).to.deep.equal(new Date(period.end));
    expect(row['due_at']).to.deep.equal(new Date(period.end));
    // + 3 days of grace
    expect(row['access_until']).to.deep.equal(new Date('2026-04-03T09:00:00.000Z'));
    const documents = await documentsOf(one);
    expect(documents.map(({ data }) => data['accessUntil'])).to.deep.equal(['2026-04-03T09:00:00.000Z']);
    expect(documents[0]?.version).to.be.greaterThan(1);
  });

  it('takes a coupon off each period while cycles of it are left, counted as they are paid', async () => {
    const one = await aSubscription({ due_at: null, due_kind: null });
    await ground.owner.query(
      `INSERT INTO subscription_coupons (subscription_id, coupon_id, code, discount, cycles_left)
       VALUES ($1, $2, 'SPRING', '{"kind":"percentage","ratePpm":250000}', 2)`,
      [one.id, newId('cpn')],
    );
    await ground.owner.query("UPDATE subscriptions SET due_at = period_end, due_kind = 'renewal' WHERE id = $1", [
      one.id,
    ]);
    const left = async () => {
      const { rows } = await ground.owner.query<{ cycles_left: number }>(
        'SELECT cycles_left FROM subscription_coupons WHERE subscription_id = $1',
        [one.id],
      );
      return rows.map(({ cycles_left: cycles }) => cycles);
    };

    const request = await untilAsked(one);
    await paid(one);
    const afterFirst = await left();
    const told = (await rowOf(one))['renewal_minor'];
    await paid(one);

    // 25 % of 99.00 = 24.75
    expect(JSON.stringify(request.data['lines'])).to.contain('2475');
    expect(afterFirst).to.deep.equal([1]);
    // one cycle is left: (99.00 − 24.75) + 20 % = 89.10
    expect(told).to.equal('8910');
    expect(await left()).to.deep.equal([1]);
  });

  it('is past due for 21 days when its own attempt fails, and keeps to that day whatever fails later', async () => {
    const one = await aSubscription();
    await untilAsked(one);

    await missed(one);
    await missed(one, 2);

    const row = await rowOf(one);
    expect(row).to.include({ status: 'past_due', due_at: null });
    // 28 February + 21 days
    expect(row['access_until']).to.deep.equal(new Date('2026-03-21T09:00:00.000Z'));
    expect((await documentsOf(one)).map(({ data }) => data['status'])).to.deep.equal(['past_due']);
  });

  it('goes on from where it was when the open invoice is paid after all', async () => {
    const one = await aSubscription();
    await untilAsked(one);
    await missed(one);

    await paid(one);

    const row = await rowOf(one);
    expect(row).to.include({ status: 'active' });
    expect(row['period_end']).to.deep.equal(new Date(period.end));
  });

  it('gives money for a subscription that has ended to a person', async () => {
    const one = await aSubscription({ status: 'cancelled', due_at: null, due_kind: null });

    await paid(one);

    expect(await rowOf(one)).to.include({ status: 'cancelled' });
    const parked = await ground.owner.query('SELECT code FROM parked_work WHERE account_id = $1', [one.accountId]);
    expect(parked.rows).to.deep.equal([{ code: 'subscription.paid_after_end' }]);
  });

  it('leaves alone what Stripe renews, and what is not due yet', async () => {
    // The clock of the tests stands on 2 March.
    const stripes = await aSubscription({ renewal_owner: 'stripe', due_at: null, due_kind: null });
    const later = await aSubscription({ due_at: '2026-03-02T09:00:00.001Z' });
    const now = await aSubscription({ due_at: '2026-03-02T09:00:00.000Z' });

    await untilAsked(now);

    expect(await requests(stripes)).to.deep.equal([]);
    expect(await requests(later)).to.deep.equal([]);
  });

  it('renews hundreds once each, on two replicas', async () => {
    const many: Renewing[] = [];
    for (let n = 0; n < 250; n += 1) many.push(await aSubscription());
    services.forEach((service) => service.wake());

    const due = new Set<string>(many.map(({ id }) => id));
    const asked = await waitFor(
      async () => {
        const all = (await ground.sent('invoicing.open-invoice')).filter(({ subject }) => due.has(subject));
        return all.length >= many.length && all;
      },
      { what: 'all invoices', deadlineMs: 20_000 },
    );

    expect(asked).to.have.length(many.length);
    expect(new Set(asked.map(({ subject }) => subject)).size).to.equal(many.length);
  });

  it('takes over what a dead replica had claimed', async () => {
    const one = await aSubscription({ claimed_until: new Date(Date.now() + 600).toISOString() });

    expect(await requests(one)).to.deep.equal([]);
    await untilAsked(one);
  });

  it('tells operators what is coming, with amounts, and nobody else', async () => {
    const soon = await aSubscription({
      due_at: new Date(Date.parse('2026-03-02T09:00:00Z') + 5 * DAY_MS).toISOString(),
    });
    const late = await aSubscription({
      due_at: new Date(Date.parse('2026-03-02T09:00:00Z') + 31 * DAY_MS).toISOString(),
    });
    const get = async (query: string, permissions: 'billing.read' | 'own.read') => {
      const token = await ground.tokenFor(
        permissions === 'own.read'
          ? { account: soon.accountId, permissions: [permissions] }
          : { permissions: [permissions] },
      );
      return fetch(`http://127.0.0.1:${services[0]?.port() ?? 0}/v1/renewals${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
    };

    const month = ListRenewals.answer.parse(await (await get('?limit=100', 'billing.read')).json());
    const longer = ListRenewals.answer.parse(await (await get('?window=40d&limit=100', 'billing.read')).json());

    expect(month.data.map(({ subscriptionId }) => subscriptionId))
      .to.include(soon.id)
      .and.not.include(late.id);
    expect(longer.data.map(({ subscriptionId }) => subscriptionId)).to.include(late.id);
    expect(month.data.find(({ subscriptionId }) => subscriptionId === soon.id)).to.deep.include({
      amount: usd(11880),
      withTax: true,
      planKey: 'pro',
    });
    expect(month.totals[0]?.count).to.equal(month.data.length);
    expect((await get('', 'own.read')).status).to.equal(403);
    expect((await get('?window=400d', 'billing.read')).status).to.equal(400);
  });
});

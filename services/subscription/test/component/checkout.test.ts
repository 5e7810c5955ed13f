import { randomUUID } from 'node:crypto';

import {
  ApiCheckoutSession,
  ApiSubscription,
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  OpenInvoice,
  OrderOpened,
  PaymentFailed,
  PlanPublished,
} from '@quittance/contracts';
import { type AccountId, isAccountId, isId, must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround, waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { type z } from 'zod';

import { buildService, subscriptionConfig } from '../../src/service.ts';
import {
  FREE,
  freePlanPublished,
  invoiceDrafted,
  invoicePaid,
  invoiceVoided,
  orderFacts,
  orderOpened,
  planPublished,
  PRO,
} from '../fixtures.ts';

type Session = z.infer<typeof ApiCheckoutSession>;

describe('checkout at subscription', () => {
  let ground: ServiceGround;
  let service: RunningService;
  let other: RunningService;

  const start = async (): Promise<RunningService> => {
    const config = loadConfig(subscriptionConfig, { ...ground.env, BEAT_INTERVAL_MS: '60000' });
    const built = buildService({ ...ground, config });
    await built.start();
    return built;
  };

  before(async () => {
    ground = await makeServiceGround('subscription');
    [service, other] = [await start(), await start()];
    const plans = [planPublished(), freePlanPublished()];
    const ids = await Promise.all(plans.map((data) => ground.send(PlanPublished, { version: 1, data })));
    await Promise.all(ids.map((id) => ground.handled(id)));
  });

  after(async () => {
    await Promise.all([service.stop(), other.stop()]);
    await ground.end();
  });

  const request = async (path: string, init: { account: string; body?: unknown; key?: string; method?: string }) => {
    const token = await ground.tokenFor({ account: init.account, permissions: ['own.read', 'own.write'] });
    const response = await fetch(`http://127.0.0.1:${service.port()}${path}`, {
      method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(init.key === undefined ? {} : { 'idempotency-key': init.key }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    const answer: unknown = await response.json();
    return { status: response.status, answer };
  };

  const wish = (change: Readonly<Record<string, unknown>> = {}) => ({
    planId: PRO.planId,
    interval: 'month',
    currency: 'USD',
    successUrl: 'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
    cancelUrl: 'https://shop.example/no',
    ...change,
  });

  const accountOf = (text: string): AccountId => must([text].find(isAccountId), 'an account id');
  const anAccount = (): AccountId => accountOf(`acc_${randomUUID().slice(0, 12)}`);

  /** Starts a checkout and plays invoicing and the rail, in the given order. */
  const open = async (account: AccountId, reversed = false): Promise<Session> => {
    const asked = request('/v1/checkout-sessions', { account, body: wish(), key: randomUUID() });
    const sale = await drafted(account);
    const reports = [
      () => ground.send(InvoiceDrafted, { data: invoiceDrafted(sale) }),
      () => ground.send(OrderOpened, { data: orderOpened(sale) }),
    ];
    for (const report of reversed ? reports.toReversed() : reports) await ground.handled(await report());
    const { status, answer } = await asked;
    expect(status).to.equal(201);
    return ApiCheckoutSession.parse(answer);
  };

  const drafted = (account: AccountId) =>
    waitFor(
      async () => {
        const commands = await ground.sent('invoicing.open-invoice');
        const command = commands.find(({ data }) => data['accountId'] === account);
        const { checkoutId, subscriptionId } = command?.data ?? {};
        if (!isId('chk', checkoutId) || !isId('sub', subscriptionId)) return null;
        return { checkoutId, subscriptionId, accountId: account };
      },
      { what: 'the command to open an invoice' },
    );

  const saleOf = (session: Session) => ({
    checkoutId: session.id,
    subscriptionId: session.subscriptionId,
    accountId: session.accountId,
  });

  const read = async (session: Session): Promise<Session> =>
    ApiCheckoutSession.parse(
      (await request(`/v1/checkout-sessions/${session.id}`, { account: session.accountId })).answer,
    );

  for (const reversed of [false, true]) {
    it(`answers with what is due and where to pay, ${reversed ? 'rail' : 'invoice'} first`, async () => {
      const session = await open(anAccount(), reversed);

      expect(session.status).to.equal('open');
      expect(session.dueNow?.total).to.deep.equal({ amount: 11880, currency: 'USD' });
      expect(session.payUrl).to.equal('https://pay.example/session');
      expect(session.renewsAt).to.equal('2026-04-02T09:00:00.000Z');
    });
  }

  it('bills as many as are asked for, in the first period and in those to come', async () => {
    const account = anAccount();
    void request('/v1/checkout-sessions', { account, body: wish({ quantity: 3 }), key: randomUUID() });

    const { subscriptionId } = await drafted(account);

    const [command] = (await ground.sent(OpenInvoice.type)).filter(({ data }) => data['accountId'] === account);
    expect(OpenInvoice.data.parse(command?.data).lines).to.have.nested.property('[0].quantity', 3);
    const { answer } = await request(`/v1/subscriptions/${subscriptionId}`, { account });
    // 3 × 99.00
    expect(ApiSubscription.parse(answer)).to.have.nested.property('price.amount', 29_700);
  });

  for (const quantity of [0, -1, 1.5, 100_001, '3', null]) {
    it(`refuses ${JSON.stringify(quantity)} of a plan, and creates nothing`, async () => {
      const account = anAccount();

      const refused = await request('/v1/checkout-sessions', { account, body: wish({ quantity }), key: randomUUID() });

      expect(refused.status).to.equal(400);
      expect(refused.answer).to.include({ code: 'platform.invalid_request' });
      expect(JSON.stringify(refused.answer)).to.include('quantity');
      const { rowCount } = await ground.owner.query('SELECT 1 FROM checkouts WHERE account_id = $1', [account]);
      expect(rowCount).to.equal(0);
    });
  }

  it('activates on the paid invoice, once, whoever delivers it how often', async () => {
    const session = await open(anAccount());
    const message = { id: `paid:${session.id}`, version: 1, data: invoicePaid(saleOf(session)) };

    await Promise.all([
      ground.send(InvoicePaid, message),
      ground.send(InvoicePaid, { ...message, id: `again:${session.id}` }),
    ]);
    await ground.handled(message.id);
    await ground.handled(`again:${session.id}`);

    expect(await read(session)).to.include({ status: 'completed', subscriptionStatus: 'active' });
    const documents = (await ground.sent('entitlements.changed.v1')).filter(
      ({ data }) => data['accountId'] === session.accountId,
    );
    expect(documents).to.have.lengthOf(1);
    // Period end 2 April + 3 days of grace for the renewal.
    expect(documents[0]?.data).to.include({ status: 'active', accessUntil: '2026-04-05T09:00:00.000Z' });
  });

  it('stays inactive after a decline and says why', async () => {
    const session = await open(anAccount());
    const data = {
      ...orderFacts(saleOf(session)),
      attemptReference: 'pi_1',
      reason: 'insufficient_funds' as const,
      failedAt: '2026-03-02T09:02:00.000Z',
    };

    await ground.handled(await ground.send(PaymentFailed, { data }));

    const told = await read(session);
    expect(told).to.include({ status: 'open', subscriptionStatus: 'draft' });
    expect(told.lastDecline).to.deep.equal({ reason: 'insufficient_funds', at: '2026-03-02T09:02:00.000Z' });
  });

  it('ends with its voided invoice, and a paid one still overrules the ending', async () => {
    const session = await open(anAccount());
    await ground.handled(await ground.send(InvoiceVoided, { data: invoiceVoided(saleOf(session)) }));
    const ended = await read(session);

    await ground.handled(await ground.send(InvoicePaid, { data: invoicePaid(saleOf(session)) }));

    expect(ended).to.include({ status: 'expired', subscriptionStatus: 'expired', payUrl: null });
    expect(await read(session)).to.include({ status: 'completed', subscriptionStatus: 'active' });
  });

  it('asks a person when two were paid for one place', async () => {
    const account = anAccount();
    const first = await open(account);
    const second = await request('/v1/checkout-sessions', {
      account,
      body: wish({ country: 'FR' }),
      key: randomUUID(),
    });
    const later = ApiCheckoutSession.parse(second.answer);
    expect(await read(first)).to.include({ status: 'superseded' });
    await ground.handled(await ground.send(InvoicePaid, { data: invoicePaid(saleOf(later)) }));

    await ground.handled(await ground.send(InvoicePaid, { data: invoicePaid(saleOf(first)) }));

    const token = await ground.tokenFor({ permissions: ['billing.read'] });
    const response = await fetch(`http://127.0.0.1:${service.port()}/internal/attention`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const listed: unknown = await response.json();
    expect(JSON.stringify(listed)).to.include('subscription.paid_twice').and.to.include(first.subscriptionId);
  });

  it('is active at once for a plan that costs nothing', async () => {
    const account = anAccount();

    const { status, answer } = await request('/v1/checkout-sessions', {
      account,
      body: wish({ planId: FREE.planId }),
      key: randomUUID(),
    });

    expect(status).to.equal(201);
    expect(ApiCheckoutSession.parse(answer)).to.include({
      status: 'completed',
      subscriptionStatus: 'active',
      payUrl: null,
    });
  });

  it('keeps one checkout for parallel wishes of one account', async () => {
    const account = anAccount();

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => request('/v1/checkout-sessions', { account, body: wish(), key: randomUUID() })),
    );

    const ids = new Set(
      answers.map(({ answer }) => must(ApiCheckoutSession.safeParse(answer).data, JSON.stringify(answer)).id),
    );
    expect(ids.size).to.equal(1);
  });

  it('retries a report that overtook the checkout, and gives it to a person when it never comes', async () => {
    const unknown = {
      checkoutId: 'chk_01j8zq4m7e8b2c3d4f5g6h7k99',
      subscriptionId: 'sub_01j8zq4m7e8b2c3d4f5g6h7k99',
    } as const;

    const id = await ground.send(InvoicePaid, {
      data: invoicePaid({ ...unknown, accountId: accountOf('acc_nobody') }),
    });

    await waitFor(
      async () => {
        const found = await ground.owner.query('SELECT 1 FROM platform.dead_letters WHERE message_id = $1', [id]);
        return found.rowCount === 1;
      },
      { what: 'the dead letter', deadlineMs: 10_000 },
    );
  });

  it('does not believe an invalid report', async () => {
    const session = await open(anAccount());
    const data = { ...invoicePaid(saleOf(session)), status: 'paid' as const, currency: 'USD', lines: [] };
    const id = `invalid:${session.id}`;
    await ground.transport.publish([
      {
        specversion: '1.0',
        id,
        source: 'invoicing',
        type: InvoicePaid.type,
        subject: 'test',
        time: '2026-03-02T09:00:00.000Z',
        datacontenttype: 'application/json',
        correlationid: session.id,
        causationid: 'test',
        actorkind: 'system',
        actorid: 'test',
        version: 1,
        data: { ...data, period: 'soon' },
      },
    ]);

    await waitFor(
      async () => {
        const found = await ground.owner.query('SELECT 1 FROM platform.dead_letters WHERE message_id = $1', [id]);
        return found.rowCount === 1;
      },
      { what: 'the dead letter', deadlineMs: 10_000 },
    );
    expect(await read(session)).to.include({ status: 'open' });
  });
});

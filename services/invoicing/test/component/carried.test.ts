import { type Envelope } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { expect } from 'chai';

import { accountOf, anOpenInvoice, aPayment, aRenewal, definitions, envelopeOf, newId } from '../builders/messages.ts';
import { customerOf, operator, type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

type Request = ReturnType<typeof anOpenInvoice>;

/** One line with its tax in it: 20 % of France. */
const costing = (amount: number) => {
  const { lines } = anOpenInvoice();
  const line = must(lines[0], 'the line');
  return { lines: [{ ...line, unitPrice: { amount, currency: 'EUR' }, taxBehavior: 'inclusive' as const }] };
};

describe('invoicing: what is below the rail’s minimum', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
    await invoicing.startReplica();
  });
  after(() => invoicing.stop());

  const ask = async (request: Request): Promise<Request> => {
    await invoicing.deliver([envelopeOf(definitions.OpenInvoice, request)]);
    return request;
  };
  const renewal = (account: string, amount: number, overrides: Partial<Request> = {}) =>
    ask(aRenewal({ accountId: accountOf(account), ...costing(amount), ...overrides }));
  const checkout = (account: string, amount: number, overrides: Partial<Request> = {}) =>
    ask(anOpenInvoice({ accountId: accountOf(account), ...costing(amount), ...overrides }));

  const invoiceOf = async ({ subscriptionId, kind }: Request) => {
    const rows = await invoicing.rows(
      'SELECT * FROM invoices WHERE subscription_id = $1 AND kind = $2',
      subscriptionId,
      kind,
    );
    expect(rows).to.have.length(1);
    return must(rows[0], 'the invoice');
  };
  const idOf = async (request: Request): Promise<string> => String((await invoiceOf(request))['id']);
  const ordersOf = async (request: Request) =>
    invoicing.rows(
      'SELECT id, amount_minor::int AS amount FROM collection_orders WHERE invoice_id = $1',
      await idOf(request),
    );
  const messagesOf = async (request: Request, type: string): Promise<readonly Envelope[]> =>
    (await invoicing.sent(await idOf(request))).filter((message) => message.type === type);
  const actionsOf = async (request: Request) =>
    (await messagesOf(request, 'audit.record-action')).map(({ data }) => data['action']);
  const ledgersOf = async (account: string) => {
    const rows = await invoicing.rows(
      `SELECT ledger, sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END)::int AS minor
       FROM journal_postings WHERE account_id = $1 GROUP BY ledger`,
      account,
    );
    return Object.fromEntries(rows.map(({ ledger, minor }) => [String(ledger), minor]));
  };
  const orderFactsOf = async (request: Request) => {
    const [order] = await ordersOf(request);
    return definitions.OrderExpired.data.parse({
      orderId: order?.['id'],
      invoiceId: await idOf(request),
      checkoutId: request.checkoutId,
      accountId: request.accountId,
      rail: 'card',
      provider: 'stripe',
      amount: { amount: order?.['amount'], currency: 'EUR' },
    });
  };
  const pay = async (request: Request) => {
    const payment = envelopeOf(definitions.PaymentCompleted, aPayment(await orderFactsOf(request)));
    await invoicing.deliver([payment]);
    return payment;
  };
  const nobodyWasAsked = async (request: Request) => {
    expect(await invoiceOf(request)).to.include({ status: 'carried', paid_at: null, carried_to_id: null });
    expect(await ordersOf(request)).to.deep.equal([]);
    expect(await actionsOf(request)).to.deep.equal(['invoice.drafted', 'invoice.issued', 'invoice.carried']);
    const [told, ...more] = await messagesOf(request, 'invoice.carried.v1');
    expect(more).to.deep.equal([]);
    return must(told, 'the message').data;
  };

  it('a checkout of 0.10 is issued and carried at once, and once however often it is asked for', async () => {
    const request = await checkout('acc-checkout', 10);
    await ask(request);

    const told = await nobodyWasAsked(request);
    expect(told).to.deep.include({ status: 'carried', checkoutId: request.checkoutId, paidAt: null });
    expect(told['number']).to.match(/^QT-2026-\d{6}$/);
    // 0.10 with 20 % in it: 0.08 and 0.02
    expect(await ledgersOf('acc-checkout')).to.deep.equal({ receivable: 0, carried: 10, revenue: -8, tax: -2 });
  });

  it('so is an upgrade of 0.10, and its cancellation changes nothing', async () => {
    const request = await checkout('acc-upgrade', 10, { kind: 'plan_change', changeId: newId('chg') });
    const { checkoutId, subscriptionId } = request;

    await invoicing.deliver([
      envelopeOf(definitions.CancelInvoice, { checkoutId: must(checkoutId, 'one'), subscriptionId, reason: 'x' }),
    ]);

    expect(await nobodyWasAsked(request)).to.deep.include({ changeId: request.changeId });
  });

  for (const [amount, status] of [
    [1, 'carried'],
    [49, 'carried'],
    [50, 'issued'],
  ] as const) {
    it(`a renewal of ${amount} minor units is ${status}`, async () => {
      const request = await renewal(`acc-boundary-${amount}`, amount);

      expect(await invoiceOf(request)).to.include({ status });
      expect(await ordersOf(request)).to.have.length(status === 'issued' ? 1 : 0);
    });
  }

  it('a renewal of 0.20 and the next of 12.00 are collected together, and both are paid', async () => {
    const first = await renewal('acc-both', 20);
    await nobodyWasAsked(first);
    const second = await renewal('acc-both', 1200);

    const number = (await invoiceOf(first))['number'];
    expect(await ordersOf(second)).to.have.length(1);
    expect((await ordersOf(second))[0]?.['amount']).to.equal(1220);
    const { body } = await invoicing.get(`/v1/invoices/${await idOf(second)}`, operator);
    expect(body['totals']).to.deep.include({ total: { amount: 1220, currency: 'EUR' } });
    expect(body['lines']).to.have.nested.property('[1].description', `Carried over from invoice ${String(number)}`);
    expect(body['lines']).to.have.nested.property('[1].carriedFrom', await idOf(first));
    expect(await ledgersOf('acc-both')).to.deep.include({ receivable: 1220, carried: 0 });

    const payment = await pay(second);
    await invoicing.deliver([{ ...payment, id: `${payment.id}-again` }]);

    expect(await invoiceOf(second)).to.include({ status: 'paid' });
    expect(await invoiceOf(first)).to.include({ status: 'paid', carried_to_id: await idOf(second) });
    expect(await actionsOf(first)).to.deep.equal([
      'invoice.drafted',
      'invoice.issued',
      'invoice.carried',
      'invoice.paid',
    ]);
    const [paid, ...more] = await messagesOf(first, 'invoice.paid.v1');
    expect(more).to.deep.equal([]);
    expect(paid?.data).to.deep.include({ status: 'paid', carriedTo: await idOf(second), payment: null });
    // Earned: 0.17 + 10.00; tax: 0.03 + 2.00; all of it came: 12.20
    expect(await ledgersOf('acc-both')).to.deep.equal({
      receivable: 0,
      carried: 0,
      clearing: 1220,
      revenue: -1017,
      tax: -203,
    });
  });

  it('several add up, and are collected as soon as they reach the minimum together', async () => {
    const [first, second] = [await renewal('acc-several', 20), await renewal('acc-several', 29)];
    await nobodyWasAsked(first);
    await nobodyWasAsked(second);

    // 0.20 + 0.29 + 0.01 = 0.50
    const third = await renewal('acc-several', 1);

    expect((await ordersOf(third))[0]?.['amount']).to.equal(50);
    expect(await ledgersOf('acc-several')).to.deep.include({ receivable: 50, carried: 0 });
    await pay(third);
    for (const request of [first, second, third]) expect(await invoiceOf(request)).to.include({ status: 'paid' });
  });

  it('a free renewal does not ask for it, and another currency does not take it', async () => {
    const carried = await renewal('acc-alone', 20);

    expect(await invoiceOf(await renewal('acc-alone', 0))).to.include({ status: 'paid' });
    const dollars = { amount: 9900, currency: 'USD' };
    const [line] = costing(9900).lines;
    await renewal('acc-alone', 0, { currency: 'USD', lines: [{ ...must(line, 'line'), unitPrice: dollars }] });

    await nobodyWasAsked(carried);
    expect(await ledgersOf('acc-alone')).to.deep.include({ carried: 20 });
  });

  it('is written in the language of the buyer', async () => {
    await checkout('acc-fr', 10, { language: 'fr' });

    const next = await renewal('acc-fr', 1200);

    const { body } = await invoicing.get(`/v1/invoices/${await idOf(next)}`, operator);
    expect(JSON.stringify(body['lines'])).to.contain('Report de la facture QT-2026-');
  });

  it('a draft takes it over, and gives it back when its order expires', async () => {
    const carried = await renewal('acc-draft', 20);
    const cart = await checkout('acc-draft', 1200);
    expect((await ordersOf(cart))[0]?.['amount']).to.equal(1220);
    expect(await invoiceOf(carried)).to.include({ carried_to_id: await idOf(cart) });
    // Nothing is issued yet: it is owed as carried.
    expect(await ledgersOf('acc-draft')).to.deep.include({ carried: 20 });

    const expired = envelopeOf(definitions.OrderExpired, await orderFactsOf(cart));
    await invoicing.deliver([expired, { ...expired, id: `${expired.id}-again` }]);

    await nobodyWasAsked(carried);
    const next = await renewal('acc-draft', 1000);
    expect((await ordersOf(next))[0]?.['amount']).to.equal(1020);
  });

  it('a draft that took it over settles both when it is paid', async () => {
    const carried = await checkout('acc-cart', 10);
    const cart = await checkout('acc-cart', 1200);

    await pay(cart);

    expect(await invoiceOf(carried)).to.include({ status: 'paid' });
    expect(await ledgersOf('acc-cart')).to.deep.include({ receivable: 0, carried: 0, clearing: 1210 });
  });

  it('is taken over once, whoever asks at the same moment', async () => {
    await renewal('acc-race', 20);
    const many = Array.from({ length: 12 }, (_, index) =>
      index % 2 === 0
        ? aRenewal({ accountId: accountOf('acc-race'), ...costing(1000) })
        : anOpenInvoice({ accountId: accountOf('acc-race'), ...costing(1000) }),
    );

    await invoicing.deliver(many.map((request) => envelopeOf(definitions.OpenInvoice, request)));

    const amounts = await invoicing.rows(
      "SELECT amount_minor::int AS amount FROM collection_orders WHERE account_id = 'acc-race' ORDER BY 1 DESC",
    );
    expect(amounts.map(({ amount }) => amount)).to.deep.equal([1020, ...Array.from({ length: 11 }, () => 1000)]);
  });

  it('stays the account’s balance due, for its customer to see', async () => {
    const request = await renewal('acc-owes', 20);
    const customer = customerOf(accountOf('acc-owes'));

    const { body } = await invoicing.get('/v1/balance-due', customer);

    const owed = { amount: 20, currency: 'EUR' };
    expect(body).to.deep.include({ accountId: 'acc-owes', data: [{ due: owed, carried: owed }] });
    const { body: invoice } = await invoicing.get(`/v1/invoices/${await idOf(request)}`, customer);
    expect(invoice).to.deep.include({ status: 'carried', amountDue: owed, carriedTo: null, paidAt: null });
    const { body: list } = await invoicing.get('/v1/invoices?status=carried', customer);
    expect(list['data']).to.have.length(1);
    expect((await invoicing.get('/v1/balance-due?account=acc-owes', operator)).body['data']).to.have.length(1);
    expect((await invoicing.get('/v1/balance-due', operator)).status).to.equal(400);
    expect((await invoicing.get('/v1/balance-due?account=acc-both', customer)).status).to.equal(404);
  });

  it('is told beforehand: nothing now, and the rest with the next invoice', async () => {
    await renewal('acc-quote', 20);
    const { lines, productId, subscriptionId } = aRenewal({ ...costing(10) });
    const quote = async (now: typeof lines, nextLines: typeof lines) => {
      const body = { accountId: 'acc-quote', productId, subscriptionId, country: 'FR', currency: 'EUR' };
      const asked = { ...body, lines: now, nextLines };
      const answer = await invoicing.post('/internal/invoice-quotes', customerOf(accountOf('acc-quote')), asked);
      expect(answer.status).to.equal(200);
      return answer.body;
    };
    const euros = (amount: number) => ({ amount, currency: 'EUR' });

    // 0.10 + 0.20 carried is below 0.50: nothing now; next 12.00 + 0.20 + 0.10 = 12.30.
    const little = await quote(lines, costing(1200).lines);
    expect(little['dueNow']).to.deep.include({ total: euros(10), payNow: euros(0), carried: euros(10) });
    expect(little['nextCharge']).to.deep.include({ total: euros(1230), payNow: euros(1230), carried: euros(0) });
    // 0.40 + 0.20 is collected now; next 12.00.
    const enough = await quote(costing(40).lines, costing(1200).lines);
    expect(enough['dueNow']).to.deep.include({ total: euros(60), payNow: euros(60), carried: euros(0) });
    expect(enough['nextCharge']).to.deep.include({ total: euros(1200) });
    // Nothing now: what waits comes with the next.
    const later = await quote([], costing(1200).lines);
    expect(later['dueNow']).to.equal(null);
    expect(later['nextCharge']).to.deep.include({ total: euros(1220) });
  });

  it('is told again on republish: carried, and paid where it is', async () => {
    const request = await renewal('acc-again', 20);
    await pay(await renewal('acc-again', 1200));

    await invoicing.service.republish(null);

    const types = (await invoicing.sent(await idOf(request)))
      .filter(({ replayed }) => replayed === true)
      .map(({ type }) => type);
    expect(types).to.deep.equal(['invoice.carried.v1', 'invoice.paid.v1']);
  });

  it('leaves no dead letter and no gap in the numbers', async () => {
    expect(await invoicing.rows('SELECT type, reason FROM platform.dead_letters')).to.deep.equal([]);
    const numbers = await invoicing.rows('SELECT number FROM invoices WHERE number IS NOT NULL ORDER BY number');
    expect(numbers.map(({ number }) => Number(String(number).slice(-6)))).to.deep.equal(numbers.map((_, at) => at + 1));
  });
});

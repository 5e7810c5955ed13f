import { expect } from 'chai';

import { aPayment, definitions, envelopeOf } from '../builders/messages.ts';
import { type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

const refusedWith = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was refused';
};

describe('invoicing: the books', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
    await invoicing.startReplica();
  });
  after(() => invoicing.stop());

  it('fifty payments at once on two replicas get numbers without gap or repeat', async () => {
    const opened = await invoicing.openInvoices(50);

    await invoicing.deliver(opened.map(({ order }) => envelopeOf(definitions.PaymentCompleted, aPayment(order))));

    const numbers = await invoicing.rows('SELECT number FROM invoices ORDER BY number');
    const expected = Array.from({ length: 50 }, (_, index) => `QT-2026-${String(index + 1).padStart(6, '0')}`);
    expect(numbers.map((row) => row['number'])).to.deep.equal(expected);
    const [dead] = await invoicing.rows('SELECT count(*)::int AS letters FROM platform.dead_letters');
    expect(dead).to.deep.equal({ letters: 0 });
  });

  it('are never changed, by the service or by the database’s owner', async () => {
    const changes = [
      'UPDATE journal_postings SET amount_minor = amount_minor + 1',
      'DELETE FROM journal_postings',
      'TRUNCATE journal_postings',
      'UPDATE journal_entries SET account_id = account_id',
      'DELETE FROM journal_entries',
      'TRUNCATE journal_entries, journal_postings',
    ];
    for (const change of changes) {
      expect(await refusedWith(invoicing.rows(change)), change).to.match(/append-only/);
      expect(await refusedWith(invoicing.asService(change)), change).to.match(/permission denied/);
    }
  });

  it('refuse an entry that does not balance, and one with nothing in it', async () => {
    const entry = (id: string) =>
      `INSERT INTO journal_entries (id, fact_key, kind, account_id, occurred_at, correlation_id)
        VALUES ('${id}', '${id}', 'invoice_issued', 'acc-x', '2026-03-02', 'c')`;
    const posting = (id: string, nth: number, rest: string) =>
      `INSERT INTO journal_postings (entry_id, position, ledger, account_id, side, amount_minor, currency)
        VALUES ('${id}', ${nth}, 'revenue', 'acc-x', ${rest})`;

    const lone = `BEGIN; ${entry('jen_lone')}; COMMIT`;
    const uneven = `BEGIN; ${entry('jen_uneven')}; ${posting('jen_uneven', 1, `'debit', 10, 'EUR'`)}; ${posting('jen_uneven', 2, `'credit', 9, 'EUR'`)}; COMMIT`;
    const twoCurrencies = `BEGIN; ${entry('jen_two')}; ${posting('jen_two', 1, `'debit', 10, 'EUR'`)}; ${posting('jen_two', 2, `'credit', 10, 'USD'`)}; COMMIT`;
    for (const attempt of [lone, uneven, twoCurrencies]) {
      expect(await refusedWith(invoicing.asService(attempt))).to.match(/does not balance/);
      await invoicing.asService('ROLLBACK');
    }
  });

  it('tell every paid invoice again on republish, marked replayed, with its payment', async () => {
    const sent = await invoicing.service.republish(null);

    expect(sent).to.equal(50);
    const [first] = await invoicing.rows(`SELECT id FROM invoices WHERE number = 'QT-2026-000001'`);
    const messages = await invoicing.sent(String(first?.['id']));
    const [original, replayed] = messages.filter(({ type }) => type === 'invoice.paid.v1');
    expect(replayed?.replayed).to.equal(true);
    expect(replayed?.data).to.deep.equal(original?.data);
    expect(replayed?.version).to.equal(original?.version);
    expect(await invoicing.service.republish(new Date(Date.now() + 60_000))).to.equal(0);
  });
});

import { type Violation } from '../fault.ts';
import { type Books, type Truths } from '../truths.ts';
import { type Check, compare, countBy, violation } from './check.ts';

const OFF = "sum(CASE p.side WHEN 'debit' THEN p.amount_minor ELSE -p.amount_minor END)";

/** I1: debits = credits, per entry and currency as well as per account and currency; no entry without two sides. */
export const ledgerBalances: Check = async (truths) => {
  const [entries, accounts] = await Promise.all([
    truths.rows<Off>(
      'invoicing',
      `SELECT e.fact_key AS whose, coalesce(p.currency, '') AS currency, coalesce(${OFF}, 0)::text AS off
       FROM journal_entries e LEFT JOIN journal_postings p ON p.entry_id = e.id
       GROUP BY e.fact_key, p.currency HAVING count(p.entry_id) < 2 OR ${OFF} <> 0`,
    ),
    truths.rows<Off>(
      'invoicing',
      `SELECT p.account_id AS whose, p.currency, ${OFF}::text AS off
       FROM journal_postings p GROUP BY p.account_id, p.currency HAVING ${OFF} <> 0`,
    ),
  ]);
  return [...entries, ...accounts].map(({ whose, currency, off }) =>
    violation('I1', 'unbalanced', `${whose} is off by ${off} ${currency}, or has one side`),
  );
};

interface Off {
  readonly whose: string;
  readonly currency: string;
  readonly off: string;
}

/** One sum of money that came in, as one of the four books writes it down. */
interface Sum {
  readonly reference: string | null;
  readonly amount: string;
  readonly currency: string;
}

/** I2: each captured charge ↔ a payment at the rail ↔ a payment in the books ↔ a clearing posting: the very same sum. */
export const chargesMatchPayments: Check = async (truths) => {
  const [books, rail, ours, clearing] = await Promise.all([
    truths.books(),
    truths.rows<Sum>('payments-card', PAYMENTS),
    truths.rows<Sum>('invoicing', PAYMENTS),
    truths.rows<Sum>('invoicing', CLEARING),
  ]);
  const charges = countBy(
    capturedIn(books).map(({ paymentIntent, id, amount, currency }) =>
      keyOf({ reference: paymentIntent ?? id, amount: String(amount), currency: currency.toUpperCase() }),
    ),
  );
  return [
    ...compare('I2 charge ↔ payment at the rail', charges, countBy(rail.map(keyOf))),
    ...compare('I2 charge ↔ payment in the books', charges, countBy(ours.map(keyOf))),
    ...compare('I2 charge ↔ clearing posting', charges, countBy(clearing.map(keyOf))),
  ];
};

const PAYMENTS = 'SELECT provider_reference AS reference, amount_minor::text AS amount, currency FROM payments';

/** What a credit takes off clearing again is a sum that no charge has. */
const CLEARING = `
  SELECT pay.provider_reference AS reference, p.currency,
    (CASE p.side WHEN 'debit' THEN p.amount_minor ELSE -p.amount_minor END)::text AS amount
  FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id LEFT JOIN payments pay ON pay.id = e.payment_id
  WHERE p.ledger = 'clearing'`;

const keyOf = ({ reference, amount, currency }: Sum): string => `${reference ?? 'no payment'} ${amount} ${currency}`;

/** Of the currencies that are sold in a fault run, the provider's unit is the minor unit. */
const capturedIn = ({ charges }: Books): Books['charges'] =>
  charges.filter(({ captured, status }) => captured && status === 'succeeded');

interface Billed {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly total: bigint;
  /** Below the provider's minimum: taken with a later invoice, in whose total it is a line. */
  readonly isCarried: boolean;
}

/** What a provider should have taken for an invoice, all in all: the one place that knows how an invoice is settled. */
const owedFor = ({ status, total, isCarried }: Billed): bigint =>
  !isCarried && (status === 'paid' || status === 'issued') ? total : 0n;

/**
 * I3: per invoice, the provider's own charges less its own refunds are what is owed. What is more is on the customer's
 * balance, to the minor unit, and somebody is told; a paid invoice was paid by somebody.
 */
export const nobodyPaysTwice: Check = async (truths) => {
  const [billed, taken, onBalance, waiting] = await Promise.all([
    invoicesOf(truths),
    takenByInvoice(truths),
    truths.rows<{ invoice: string; currency: string; amount: string }>('invoicing', ON_BALANCE),
    truths.rows<{ id: string }>('invoicing', "SELECT id FROM payments WHERE applied_to = 'balance'"),
  ]);
  const balances = new Map(
    onBalance.map(({ invoice, currency, amount }) => [`${invoice} ${currency}`, BigInt(amount)]),
  );
  const attention = waiting.length === 0 ? new Set<string>() : new Set(await truths.attention());
  const charged = billed.flatMap((invoice) => wrongPayment(invoice, taken, balances));
  const known = new Set(billed.map(({ id, currency }) => `${id} ${currency}`));
  return [
    ...charged,
    ...[...taken.keys()]
      .filter((key) => !known.has(key))
      .map((key) => violation('I3', 'lost', `${key} was charged, and there is no such invoice`)),
    ...waiting
      .filter(({ id }) => !attention.has(id))
      .map(({ id }) => violation('I3', 'lost', `payment ${id} is on the balance, and nobody is told`)),
  ];
};

interface Taken {
  /** What was charged, whether it went back or not. */
  readonly gross: bigint;
  readonly net: bigint;
}

const wrongPayment = (
  invoice: Billed,
  takenBy: ReadonlyMap<string, Taken>,
  balances: ReadonlyMap<string, bigint>,
): readonly Violation[] => {
  const key = `${invoice.id} ${invoice.currency}`;
  const { gross, net } = takenBy.get(key) ?? { gross: 0n, net: 0n };
  const [owed, onBalance] = [owedFor(invoice), balances.get(key) ?? 0n];
  const excess = net > owed ? net - owed : 0n;
  const told = `invoice ${invoice.id} (${invoice.status}): ${net} of ${owed} ${invoice.currency} taken`;
  return [
    ...(onBalance < excess ? [violation('I3', 'doubled', `${told}, ${onBalance} on the balance`)] : []),
    ...(onBalance > excess && gross === net
      ? [violation('I3', 'unbalanced', `${told}, ${onBalance} on the balance`)]
      : []),
    ...(invoice.status === 'paid' && gross < owed ? [violation('I3', 'unbalanced', `${told}, and it is paid`)] : []),
    ...(invoice.status === 'issued' && owed > 0n && gross >= owed
      ? [violation('I3', 'lost', `${told}, and it is not paid`)]
      : []),
  ];
};

const invoicesOf = async (truths: Truths): Promise<readonly Billed[]> => {
  const rows = await truths.rows<{ id: string; status: string; currency: string; total: string; isCarried: boolean }>(
    'invoicing',
    'SELECT id, status, currency, total_minor::text AS total, carried_at IS NOT NULL AS "isCarried" FROM invoices',
  );
  return rows.map((row) => ({ ...row, total: BigInt(row.total) }));
};

/** By invoice and currency, from the provider's books alone; which order was for which invoice, the rail knows. */
const takenByInvoice = async (truths: Truths): Promise<ReadonlyMap<string, Taken>> => {
  const [books, orders] = await Promise.all([
    truths.books(),
    truths.rows<{ id: string; invoice: string }>('payments-card', 'SELECT id, invoice_id AS invoice FROM orders'),
  ]);
  const invoiceOf = new Map(orders.map(({ id, invoice }) => [id, invoice]));
  const taken = new Map<string, Taken>();
  for (const { id, metadata, amount, amountRefunded, currency } of capturedIn(books)) {
    const order = metadata['order'] ?? '';
    const key = `${invoiceOf.get(order) ?? `the invoice of charge ${id}`} ${currency.toUpperCase()}`;
    const before = taken.get(key) ?? { gross: 0n, net: 0n };
    taken.set(key, { gross: before.gross + BigInt(amount), net: before.net + BigInt(amount - amountRefunded) });
  }
  return taken;
};

const ON_BALANCE = `
  SELECT e.invoice_id AS invoice, p.currency,
    sum(CASE p.side WHEN 'credit' THEN p.amount_minor ELSE -p.amount_minor END)::text AS amount
  FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id
  WHERE p.ledger = 'balance' AND e.invoice_id IS NOT NULL GROUP BY 1, 2`;

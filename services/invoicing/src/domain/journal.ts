import { type AccountId, assert, type Id } from '@quittance/kernel';
import { type Currency, isZero, type Money, money, negate, subtract, sum } from '@quittance/money';

import { type Invoice } from './invoice.ts';
import { type Payment } from './payment.ts';

/**
 * One set of ledgers per customer account and currency. `receivable`: they owe us. `carried`: they owe us, and it waits
 * for their next invoice, because by itself it is too little to collect. `balance`: we hold it for them. `clearing`: a
 * provider has captured it and will pay it out.
 */
export const LEDGERS = ['receivable', 'carried', 'balance', 'revenue', 'tax', 'clearing'] as const;
export type Ledger = (typeof LEDGERS)[number];

export interface Posting {
  readonly ledger: Ledger;
  readonly accountId: AccountId;
  readonly side: 'debit' | 'credit';
  /** Always positive. */
  readonly amount: Money;
}

export interface JournalEntry {
  readonly id: Id<'jen'>;
  /** The fact it records; booked once for ever. */
  readonly factKey: string;
  readonly kind: 'invoice_issued' | 'invoice_carried' | 'invoice_voided' | 'payment_received' | 'payment_to_balance';
  readonly accountId: AccountId;
  readonly invoiceId: Id<'inv'>;
  readonly paymentId: Id<'pay'> | null;
  readonly occurredAt: Date;
  readonly correlationId: string;
  readonly postings: readonly Posting[];
}

/**
 * Dr receivable / Cr revenue / Cr tax / Cr carried: what earlier invoices left was earned and taxed there, and is asked
 * for here. Null for an invoice of nothing: there is nothing to book.
 */
export const invoiceIssuedEntry = (id: Id<'jen'>, invoice: Invoice, occurredAt: Date): JournalEntry | null => {
  const { accountId, totals } = invoice;
  const taken = takenOverBy(invoice);
  const postings = balanced(accountId, [
    ['debit', 'receivable', totals.total],
    ['credit', 'revenue', subtract(totals.subtotal, taken)],
    ['credit', 'tax', totals.tax],
    ['credit', 'carried', taken],
  ]);
  return postings.length === 0 ? null : entryOf(id, invoice, { kind: 'invoice_issued', occurredAt, postings });
};

/** What issuing booked, taken back: nothing is owed, and nothing was sold. Null for an invoice of nothing. */
export const invoiceVoidedEntry = (id: Id<'jen'>, invoice: Invoice, occurredAt: Date): JournalEntry | null => {
  const issued = invoiceIssuedEntry(id, invoice, occurredAt);
  return (
    issued && {
      ...issued,
      factKey: `invoice.voided:${invoice.id}`,
      kind: 'invoice_voided',
      postings: issued.postings.map((posting) => ({ ...posting, side: posting.side === 'debit' ? 'credit' : 'debit' })),
    }
  );
};

/** Dr carried / Cr receivable: it is owed as before, but waits for the next invoice to be asked for. */
export const invoiceCarriedEntry = (id: Id<'jen'>, invoice: Invoice, occurredAt: Date): JournalEntry => {
  const postings = balanced(invoice.accountId, [
    ['debit', 'carried', invoice.totals.total],
    ['credit', 'receivable', invoice.totals.total],
  ]);
  return entryOf(id, invoice, { kind: 'invoice_carried', occurredAt, postings });
};

const takenOverBy = ({ lines, currency }: Invoice): Money =>
  sum(
    lines.filter(({ carriedFrom }) => carriedFrom !== null).map(({ gross }) => gross),
    currency,
  );

const entryOf = (
  id: Id<'jen'>,
  invoice: Invoice,
  entry: Pick<JournalEntry, 'occurredAt' | 'postings'> & { readonly kind: 'invoice_issued' | 'invoice_carried' },
): JournalEntry => ({
  id,
  factKey: `${entry.kind.replace('_', '.')}:${invoice.id}`,
  accountId: invoice.accountId,
  invoiceId: invoice.id,
  paymentId: null,
  correlationId: invoice.correlationId,
  ...entry,
});

/** Dr clearing, and Cr receivable when it settles an invoice or Cr balance when it waits on the account. */
export const paymentEntry = (id: Id<'jen'>, payment: Payment): JournalEntry => {
  const settles = payment.appliedTo === 'invoice';
  return {
    id,
    factKey: `payment.received:${payment.id}`,
    kind: settles ? 'payment_received' : 'payment_to_balance',
    accountId: payment.accountId,
    invoiceId: payment.invoiceId,
    paymentId: payment.id,
    occurredAt: payment.recordedAt,
    correlationId: payment.correlationId,
    postings: balanced(payment.accountId, [
      ['debit', 'clearing', payment.amount],
      ['credit', settles ? 'receivable' : 'balance', payment.amount],
    ]),
  };
};

/** Debits less credits per currency; all zero for a balanced entry. */
export const imbalance = (postings: readonly Posting[]): ReadonlyMap<Currency, Money> => {
  const byCurrency = Map.groupBy(postings, (posting) => posting.amount.currency);
  return new Map([...byCurrency].map(([currency, sides]) => [currency, sum(sides.map(signed), currency)]));
};

const signed = ({ side, amount }: Posting): Money => (side === 'debit' ? amount : negate(amount));

type Side = readonly ['debit' | 'credit', Ledger, Money];

/** Zero sides are left out, negative ones change sides, and what does not balance is our bug. */
const balanced = (accountId: AccountId, sides: readonly Side[]): readonly Posting[] => {
  const postings = sides
    .filter(([, , amount]) => !isZero(amount))
    .map(([side, ledger, amount]): Posting => ({ ledger, accountId, ...positive(side, amount) }));
  for (const [currency, off] of imbalance(postings)) {
    assert(isZero(off), `postings are off balance by ${off.amountMinor} ${currency}`);
  }
  return postings;
};

const positive = (side: 'debit' | 'credit', amount: Money): Pick<Posting, 'side' | 'amount'> =>
  amount.amountMinor > 0n
    ? { side, amount }
    : { side: side === 'debit' ? 'credit' : 'debit', amount: money(-amount.amountMinor, amount.currency) };

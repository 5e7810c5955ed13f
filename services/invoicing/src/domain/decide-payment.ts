import { type AuditEntry, type Id } from '@quittance/kernel';
import { equals, toDecimal } from '@quittance/money';

import { issuedEntry, paidEntry, paidWithEntry, toBalanceEntry } from './audit-entries.ts';
import { invoicingFail } from './errors.ts';
import { type Invoice, type InvoiceChange, type NextOfInvoice } from './invoice.ts';
import { issueAndSettle, type Numbering, settleIssued } from './issue-and-settle.ts';
import { invoiceIssuedEntry, type JournalEntry, paymentEntry } from './journal.ts';
import { type InvoicingMessage } from './messages.ts';
import { type CollectionOrder, type OrderStatus } from './order.ts';
import { type CapturedPayment, type Payment } from './payment.ts';

export interface PaymentFacts {
  readonly captured: CapturedPayment;
  /** This payment, or one with the same provider reference, if it was recorded before. */
  readonly recorded: Payment | null;
  readonly order: CollectionOrder;
  readonly invoice: Invoice;
  /** Carried invoices whose amounts are lines of this one. */
  readonly takenOver: readonly NextOfInvoice[];
  /** Needed where the invoice has no number yet. */
  readonly numbering: Numbering;
  readonly entryIds: { readonly issue: Id<'jen'>; readonly payment: Id<'jen'> };
}

/** What is the same for every payment that is new to us. */
interface Booked {
  readonly payment: Payment;
  /** The order as the payment leaves it, and the status it must still have. */
  readonly order: CollectionOrder;
  readonly orderWas: OrderStatus;
  readonly journal: readonly JournalEntry[];
  readonly messages: readonly InvoicingMessage[];
  readonly audit: readonly AuditEntry[];
}

export type PaymentDecision =
  | { readonly kind: 'nothing' }
  /** `numbered`: it took its number with this payment. `alsoPaid`: what was carried to it. */
  | (Booked & {
      readonly kind: 'settle';
      readonly invoice: Invoice;
      readonly numbered: boolean;
      readonly alsoPaid: readonly InvoiceChange[];
    })
  | (Booked & { readonly kind: 'to_balance' });

/** An invoice is settled by the full amount for its open order, and by nothing else; other money waits on the account. */
export const decidePayment = (facts: PaymentFacts): PaymentDecision => {
  if (facts.recorded !== null) return { kind: 'nothing' };
  refuseMismatch(facts);
  const obstacle = whyNotSettling(facts);
  return obstacle === null ? settle(facts) : toBalance(facts, obstacle);
};

const refuseMismatch = ({ captured, order }: PaymentFacts): void => {
  if (captured.invoiceId === order.invoiceId && captured.accountId === order.accountId) return;
  throw invoicingFail(
    'invoicing.payment_mismatch',
    `Payment ${captured.id} names invoice ${captured.invoiceId} of ${captured.accountId}, order ${order.id} belongs to ${order.invoiceId} of ${order.accountId}.`,
  );
};

const whyNotSettling = ({ captured, order, invoice }: PaymentFacts): string | null => {
  if (invoice.status !== 'draft' && invoice.status !== 'issued') return `The invoice is ${invoice.status}.`;
  if (order.status !== 'open') return `The order is ${order.status}.`;
  if (!equals(captured.amount, invoice.totals.total)) {
    const due = invoice.totals.total;
    return `${toDecimal(due)} ${due.currency} was due, ${toDecimal(captured.amount)} ${captured.amount.currency} came.`;
  }
  return null;
};

const settle = (facts: PaymentFacts): PaymentDecision => {
  const { order, entryIds, numbering } = facts;
  const numbered = facts.invoice.status === 'draft';
  const invoice = numbered ? issueAndSettle(facts.invoice, numbering) : settleIssued(facts.invoice, numbering);
  const payment = recordPayment(facts, 'invoice');
  const alsoPaid = facts.takenOver.map(({ invoice: carried, version }) => ({
    to: settleIssued(carried, { now: numbering.now, version }),
    fromVersion: carried.version,
  }));
  const issued = numbered ? invoiceIssuedEntry(entryIds.issue, invoice, numbering.now) : null;
  return {
    kind: 'settle',
    invoice,
    numbered,
    alsoPaid,
    payment,
    order: { ...order, status: 'paid' },
    orderWas: order.status,
    journal: [...(issued === null ? [] : [issued]), paymentEntry(entryIds.payment, payment)],
    messages: [
      { type: 'invoice_paid', invoice, payment },
      ...alsoPaid.map(({ to }) => ({ type: 'invoice_paid' as const, invoice: to, payment: null })),
    ],
    audit: [
      ...(numbered ? [issuedEntry(facts.invoice, invoice)] : []),
      paidEntry(invoice, payment),
      ...alsoPaid.map(({ to }) => paidWithEntry(to, invoice)),
    ],
  };
};

const toBalance = (facts: PaymentFacts, reason: string): PaymentDecision => {
  const payment = recordPayment(facts, 'balance');
  return {
    kind: 'to_balance',
    payment,
    order: { ...facts.order, status: 'paid' },
    orderWas: facts.order.status,
    journal: [paymentEntry(facts.entryIds.payment, payment)],
    messages: [],
    audit: [toBalanceEntry(payment, reason)],
  };
};

const recordPayment = ({ captured, invoice, numbering }: PaymentFacts, appliedTo: Payment['appliedTo']): Payment => ({
  ...captured,
  status: 'completed',
  appliedTo,
  recordedAt: numbering.now,
  correlationId: invoice.correlationId,
});

import { type AuditEntry, type Id } from '@quittance/kernel';

import { voidedEntry } from './audit-entries.ts';
import { invoicingFail } from './errors.ts';
import { nextInvoiceStatus } from './invoice-status.ts';
import { type Invoice, type InvoiceChange, type NextOfInvoice } from './invoice.ts';
import { invoiceVoidedEntry, type JournalEntry } from './journal.ts';
import { type InvoicingMessage, type VoidReason } from './messages.ts';
import { type CollectionOrder, type OrderStatus } from './order.ts';

export type VoidDecision =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'void';
      readonly invoice: Invoice;
      readonly order: CollectionOrder | null;
      readonly orderWas: OrderStatus | null;
      /** What it had taken over waits for the next invoice again. */
      readonly released: readonly InvoiceChange[];
      readonly journal: readonly JournalEntry[];
      readonly messages: readonly InvoicingMessage[];
      readonly audit: readonly AuditEntry[];
    };

interface VoidFacts {
  readonly invoice: Invoice;
  /** Carried invoices whose amounts are lines of this one. */
  readonly takenOver: readonly NextOfInvoice[];
}

interface Moment {
  readonly now: Date;
  /** The invoice's next version. */
  readonly version: number;
  readonly entryId: Id<'jen'>;
}

/** The rail says that an order cannot be paid: the draft goes with it, unless money or a cancellation came first. */
export const decideOrderEnd = (
  { order, ...facts }: VoidFacts & { readonly order: CollectionOrder },
  end: { readonly status: 'expired' | 'failed'; readonly note: string },
  moment: Moment,
): VoidDecision => {
  if (order.status !== 'open' || facts.invoice.status !== 'draft') return { kind: 'nothing' };
  const reason = end.status === 'expired' ? 'order_expired' : 'order_failed';
  const ended = voidInvoice(facts, { reason, note: end.note }, moment);
  return { ...ended, order: { ...order, status: end.status }, orderWas: order.status };
};

/**
 * A checkout is given up, or the period of a renewal will not be: void the invoice and have its order closed. Settled or
 * void already: nothing. An issued renewal keeps its number and is taken back in the books.
 */
export const decideCancellation = (
  { order, ...facts }: VoidFacts & { readonly order: CollectionOrder | null },
  note: string,
  moment: Moment,
): VoidDecision => {
  const { invoice } = facts;
  if (invoice.status === 'carried' || invoice.status === 'paid' || invoice.status === 'void')
    return { kind: 'nothing' };
  if (invoice.status === 'issued' && invoice.kind !== 'renewal') {
    throw invoicingFail('invoicing.issued_not_cancellable', `Invoice ${invoice.number ?? invoice.id} is issued.`);
  }
  const ended = voidInvoice(facts, { reason: 'cancelled', note }, moment);
  if (order?.status !== 'open') return { ...ended, order: null, orderWas: null };
  const closed: CollectionOrder = { ...order, status: 'closed' };
  return {
    ...ended,
    order: closed,
    orderWas: order.status,
    messages: [...ended.messages, { type: 'close_order', order: closed, reason: note }],
  };
};

const voidInvoice = (
  { invoice: before, takenOver }: VoidFacts,
  why: { readonly reason: VoidReason; readonly note: string },
  { now, version, entryId }: Moment,
): Omit<Extract<VoidDecision, { kind: 'void' }>, 'order' | 'orderWas'> => {
  const invoice: Invoice = { ...before, status: nextInvoiceStatus(before.status, 'void'), voidedAt: now, version };
  const takenBack = before.status === 'issued' ? invoiceVoidedEntry(entryId, invoice, now) : null;
  return {
    kind: 'void',
    invoice,
    released: takenOver.map((carried) => ({
      to: { ...carried.invoice, carriedTo: null, version: carried.version },
      fromVersion: carried.invoice.version,
    })),
    journal: takenBack === null ? [] : [takenBack],
    messages: [{ type: 'invoice_voided', invoice, reason: why.reason }],
    audit: [voidedEntry(before, why.reason, why.note)],
  };
};

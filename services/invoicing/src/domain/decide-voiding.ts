import { type AuditEntry } from '@quittance/kernel';

import { voidedEntry } from './audit-entries.ts';
import { invoicingFail } from './errors.ts';
import { nextInvoiceStatus } from './invoice-status.ts';
import { type Invoice } from './invoice.ts';
import { type InvoicingMessage, type VoidReason } from './messages.ts';
import { type CollectionOrder, type OrderStatus } from './order.ts';

export type VoidDecision =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'void';
      readonly invoice: Invoice;
      readonly order: CollectionOrder | null;
      readonly orderWas: OrderStatus | null;
      readonly messages: readonly InvoicingMessage[];
      readonly audit: readonly AuditEntry[];
    };

interface Moment {
  readonly now: Date;
  /** The invoice's next version. */
  readonly version: number;
}

/** The rail says that an order cannot be paid: the draft goes with it, unless money or a cancellation came first. */
export const decideOrderEnd = (
  { order, invoice }: { readonly order: CollectionOrder; readonly invoice: Invoice },
  end: { readonly status: 'expired' | 'failed'; readonly note: string },
  moment: Moment,
): VoidDecision => {
  if (order.status !== 'open' || invoice.status !== 'draft') return { kind: 'nothing' };
  const reason = end.status === 'expired' ? 'order_expired' : 'order_failed';
  const ended = voidInvoice(invoice, { reason, note: end.note }, moment);
  return { ...ended, order: { ...order, status: end.status }, orderWas: order.status };
};

/** A checkout is given up: void the draft and have its order closed. Paid or void already: nothing. */
export const decideCancellation = (
  { order, invoice }: { readonly order: CollectionOrder | null; readonly invoice: Invoice },
  note: string,
  moment: Moment,
): VoidDecision => {
  if (invoice.status === 'paid' || invoice.status === 'void') return { kind: 'nothing' };
  if (invoice.status === 'issued') {
    throw invoicingFail('invoicing.issued_not_cancellable', `Invoice ${invoice.number ?? invoice.id} is issued.`);
  }
  const ended = voidInvoice(invoice, { reason: 'cancelled', note }, moment);
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
  before: Invoice,
  why: { readonly reason: VoidReason; readonly note: string },
  { now, version }: Moment,
): { kind: 'void'; invoice: Invoice; messages: readonly InvoicingMessage[]; audit: readonly AuditEntry[] } => {
  const invoice: Invoice = { ...before, status: nextInvoiceStatus(before.status, 'void'), voidedAt: now, version };
  return {
    kind: 'void',
    invoice,
    messages: [{ type: 'invoice_voided', invoice, reason: why.reason }],
    audit: [voidedEntry(before, why.reason, why.note)],
  };
};

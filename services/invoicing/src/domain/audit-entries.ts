import { type AuditEntry } from '@quittance/kernel';
import { type Money, toDecimal } from '@quittance/money';

import { type Invoice } from './invoice.ts';
import { type VoidReason } from './messages.ts';
import { type DeclineReason } from './order.ts';
import { type Payment } from './payment.ts';

export const draftedEntry = (invoice: Invoice): AuditEntry => ({
  action: 'invoice.drafted',
  ...about(invoice),
  after: {
    status: invoice.status,
    total: written(invoice.totals.total),
    tax: written(invoice.totals.tax),
    taxReason: invoice.lines[0]?.taxReason ?? null,
  },
});

export const issuedEntry = (before: Invoice, invoice: Invoice): AuditEntry => ({
  action: 'invoice.issued',
  ...about(invoice),
  before: { status: before.status },
  after: { status: 'issued', number: invoice.number, total: written(invoice.totals.total) },
});

export const paidEntry = (invoice: Invoice, payment: Payment | null): AuditEntry => ({
  action: 'invoice.paid',
  ...about(invoice),
  before: { status: invoice.carriedAt === null ? 'issued' : 'carried' },
  after: { status: invoice.status, paymentId: payment?.id ?? null, paid: payment ? written(payment.amount) : null },
});

export const carriedEntry = (invoice: Invoice, minimum: Money): AuditEntry => ({
  action: 'invoice.carried',
  ...about(invoice),
  reason: `${written(invoice.totals.total)} is less than the ${written(minimum)} that its rail collects at least.`,
  before: { status: 'issued' },
  after: { status: invoice.status, number: invoice.number, carried: written(invoice.totals.total) },
});

/** A carried invoice has no payment of its own: it is paid with the one that took its amount over. */
export const paidWithEntry = (invoice: Invoice, by: Invoice): AuditEntry => ({
  ...paidEntry(invoice, null),
  reason: `Its amount was carried to invoice ${by.number ?? by.id}, which is paid.`,
});

export const collectionFailedEntry = (
  invoice: Invoice,
  { attempt, reason }: { readonly attempt: number; readonly reason: DeclineReason },
): AuditEntry => ({
  action: 'invoice.collection_failed',
  ...about(invoice),
  result: 'failed',
  reason,
  after: { number: invoice.number, attempt },
});

export const voidedEntry = (before: Invoice, reason: VoidReason, note: string): AuditEntry => ({
  action: 'invoice.voided',
  ...about(before),
  reason: note,
  before: { status: before.status },
  after: { status: 'void', cause: reason },
});

export const toBalanceEntry = (payment: Payment, reason: string): AuditEntry => ({
  action: 'payment.to_balance',
  subject: { type: 'payment', id: payment.id },
  accountId: payment.accountId,
  reason,
  after: {
    amount: written(payment.amount),
    invoiceId: payment.invoiceId,
    orderId: payment.orderId,
    provider: payment.provider,
  },
});

const about = (invoice: Invoice): Pick<AuditEntry, 'subject' | 'accountId'> => ({
  subject: { type: 'invoice', id: invoice.id },
  accountId: invoice.accountId,
});

const written = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`;

import { type AuditEntry } from '@quittance/kernel';

import { collectionFailedEntry } from './audit-entries.ts';
import { type Invoice } from './invoice.ts';
import { type InvoicingMessage } from './messages.ts';
import { type CollectionOrder, type DeclineReason } from './order.ts';

export interface CollectionFailure {
  readonly reason: DeclineReason;
  readonly failedAt: Date;
}

export type CollectionFailureDecision =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'failed';
      readonly order: CollectionOrder;
      readonly messages: readonly InvoicingMessage[];
      readonly audit: readonly AuditEntry[];
    };

/**
 * The rail could not charge for an issued invoice. The order ends, so that the next attempt is another one; the invoice
 * stays as it is: owed, and open to be paid in any way.
 */
export const decideCollectionFailure = (
  { order, invoice }: { readonly order: CollectionOrder; readonly invoice: Invoice },
  failure: CollectionFailure,
): CollectionFailureDecision => {
  if (order.status !== 'open' || order.attempt === null || invoice.status !== 'issued') return { kind: 'nothing' };
  const { attempt } = order;
  return {
    kind: 'failed',
    order: { ...order, status: 'failed' },
    messages: [{ type: 'invoice_collection_failed', invoice, attempt, ...failure }],
    audit: [collectionFailedEntry(invoice, { attempt, reason: failure.reason })],
  };
};

import { type AuditEntry, type Id } from '@quittance/kernel';
import { isZero, type Money } from '@quittance/money';

import { draftedEntry, issuedEntry } from './audit-entries.ts';
import { tooLittle } from './carry.ts';
import { decideCarrying, decideFree } from './decide-at-once.ts';
import { railOf } from './decide-opening.ts';
import { type Invoice } from './invoice.ts';
import { issueInvoice, type Numbering } from './issue-and-settle.ts';
import { invoiceIssuedEntry, type JournalEntry } from './journal.ts';
import { type InvoicingMessage } from './messages.ts';
import { type CollectionOrder } from './order.ts';

export interface IssuingFacts {
  readonly draft: Invoice;
  readonly numbering: Numbering;
  readonly orderId: Id<'ord'>;
  readonly entryIds: { readonly issue: Id<'jen'>; readonly carry: Id<'jen'> };
  /** What the rail collects at least. */
  readonly minimum: Money | null;
}

export interface IssuingDecision {
  readonly invoice: Invoice;
  /** Null where there is nothing to pay, or too little to collect. */
  readonly order: CollectionOrder | null;
  readonly journal: readonly JournalEntry[];
  readonly messages: readonly InvoicingMessage[];
  readonly audit: readonly AuditEntry[];
}

const FIRST_ATTEMPT = 1;

/**
 * An invoice that is collected without its customer: issued, booked and handed to the rail, in this order and in one
 * commit. Whatever becomes of the charge, the invoice is owed.
 */
export const decideIssuing = (facts: IssuingFacts): IssuingDecision => {
  const { draft, numbering, orderId, entryIds, minimum } = facts;
  if (isZero(draft.totals.total)) return { ...decideFree(draft, numbering), order: null };
  if (tooLittle(draft.totals.total, minimum)) {
    return { ...decideCarrying({ draft, numbering, entryIds, minimum }), order: null };
  }
  const invoice = issueInvoice(draft, numbering);
  const order: CollectionOrder = {
    id: orderId,
    invoiceId: invoice.id,
    accountId: invoice.accountId,
    rail: railOf({ kind: 'automatic' }),
    amount: invoice.totals.total,
    status: 'open',
    attempt: FIRST_ATTEMPT,
    createdAt: numbering.now,
  };
  const booked = invoiceIssuedEntry(entryIds.issue, invoice, numbering.now);
  return {
    invoice,
    order,
    journal: booked === null ? [] : [booked],
    messages: [{ type: 'charge_order', order, attempt: FIRST_ATTEMPT, description: describe(invoice) }],
    audit: [draftedEntry(draft), issuedEntry(draft, invoice)],
  };
};

const describe = ({ number, lines }: Invoice): string =>
  `${number ?? ''} ${lines.map(({ description }) => description).join(', ')}`.trim();

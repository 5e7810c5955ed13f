import { type AuditEntry, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { carriedEntry, draftedEntry, issuedEntry, paidEntry } from './audit-entries.ts';
import { type Invoice } from './invoice.ts';
import { carryIssued, issueAndSettle, issueInvoice, type Numbering } from './issue-and-settle.ts';
import { invoiceCarriedEntry, invoiceIssuedEntry, type JournalEntry } from './journal.ts';
import { type InvoicingMessage } from './messages.ts';

/** What is over in the commit that makes it: nobody is asked to pay. */
export interface AtOnce {
  readonly invoice: Invoice;
  readonly journal: readonly JournalEntry[];
  readonly messages: readonly InvoicingMessage[];
  readonly audit: readonly AuditEntry[];
}

/** A draft of nothing is issued and paid at once, without an order. */
export const decideFree = (draft: Invoice, numbering: Numbering): AtOnce => {
  const invoice = issueAndSettle(draft, numbering);
  return {
    invoice,
    journal: [],
    messages: [{ type: 'invoice_paid', invoice, payment: null }],
    audit: [draftedEntry(draft), issuedEntry(draft, invoice), paidEntry(invoice, null)],
  };
};

export interface CarryingFacts {
  readonly draft: Invoice;
  readonly numbering: Numbering;
  readonly entryIds: { readonly issue: Id<'jen'>; readonly carry: Id<'jen'> };
  readonly minimum: Money;
}

/**
 * Too little to collect: issued with number and date, and what it bills is given; the amount waits for the account's
 * next invoice in this currency. Nobody is asked to pay, so no order is opened.
 */
export const decideCarrying = ({ draft, numbering, entryIds, minimum }: CarryingFacts): AtOnce => {
  const issued = issueInvoice(draft, numbering);
  const invoice = carryIssued(issued, numbering);
  const booked = invoiceIssuedEntry(entryIds.issue, invoice, numbering.now);
  return {
    invoice,
    journal: [...(booked === null ? [] : [booked]), invoiceCarriedEntry(entryIds.carry, invoice, numbering.now)],
    messages: [{ type: 'invoice_carried', invoice }],
    audit: [draftedEntry(draft), issuedEntry(draft, issued), carriedEntry(invoice, minimum)],
  };
};

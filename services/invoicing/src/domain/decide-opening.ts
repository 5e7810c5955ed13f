import { type AccountId, type AuditEntry, type Id } from '@quittance/kernel';
import { type Currency, type Period } from '@quittance/money';

import { draftedEntry } from './audit-entries.ts';
import { type TaxDecision } from './decide-tax.ts';
import { invoicingFail } from './errors.ts';
import { type Invoice, type InvoiceBuyer, type InvoiceKind } from './invoice.ts';
import { type InvoicingMessage } from './messages.ts';
import { type CollectionOrder, type Rail, type ReturnUrls } from './order.ts';
import { priceLines, type RequestedLine, totalsOf } from './price-lines.ts';
import { type Seller } from './seller.ts';

export type Collect =
  | { readonly kind: 'checkout'; readonly rail: Rail; readonly returnUrls: ReturnUrls }
  | { readonly kind: 'automatic' };

/** The one that can charge what it has stored. */
const AUTOMATIC_RAIL: Rail = 'card';

/** Where the money would come from. */
export const railOf = (collect: Collect): Rail => (collect.kind === 'checkout' ? collect.rail : AUTOMATIC_RAIL);

export type CheckoutCollect = Extract<Collect, { kind: 'checkout' }>;

export interface InvoiceRequest {
  readonly kind: InvoiceKind;
  readonly accountId: AccountId;
  readonly productId: Id<'prd'>;
  readonly subscriptionId: Id<'sub'>;
  readonly checkoutId: Id<'chk'> | null;
  readonly changeId: string | null;
  readonly currency: Currency;
  readonly period: Period;
  readonly lines: readonly RequestedLine[];
  readonly buyerCountry: string | null;
  /** What the buyer reads; null leaves it to their profile. */
  readonly language: string | null;
  readonly collect: Collect;
  readonly correlationId: string;
}

export interface DraftFacts {
  readonly request: InvoiceRequest;
  readonly seller: Seller;
  readonly buyer: InvoiceBuyer;
  readonly tax: TaxDecision;
  readonly id: Id<'inv'>;
  readonly now: Date;
  readonly version: number;
}

/** A collect by checkout that can be honoured today; another rail is refused with its own code. */
export const collectableNow = (collect: CheckoutCollect): CheckoutCollect => {
  if (collect.rail !== 'card') {
    throw invoicingFail('invoicing.rail_unavailable', `No service collects on the ${collect.rail} rail.`);
  }
  return collect;
};

/**
 * Whether the request was served before: a retry by the same checkout finds its invoice, whatever became of it since.
 * @throws DomainError `invoicing.already_invoiced` when another checkout holds the purpose.
 */
export const wasOpenedBefore = (samePurpose: readonly Invoice[], request: InvoiceRequest): boolean => {
  if (samePurpose.some((invoice) => invoice.checkoutId === request.checkoutId)) return true;
  const other = samePurpose.find((invoice) => invoice.status !== 'void');
  if (other === undefined) return false;
  throw invoicingFail(
    'invoicing.already_invoiced',
    `Invoice ${other.id} already bills subscription ${request.subscriptionId} for the period from ${request.period.start.toISOString()}.`,
  );
};

export const draftInvoice = ({ request, seller, buyer, tax, id, now, version }: DraftFacts): Invoice => {
  const lines = priceLines(request.lines, request.currency, tax);
  return {
    id,
    version,
    status: 'draft',
    number: null,
    kind: request.kind,
    accountId: request.accountId,
    productId: request.productId,
    subscriptionId: request.subscriptionId,
    checkoutId: request.checkoutId,
    changeId: request.changeId,
    currency: request.currency,
    period: request.period,
    lines,
    totals: totalsOf(lines, request.currency),
    seller: { id: seller.id, name: seller.name, address: seller.address, country: seller.country, taxId: seller.taxId },
    buyer,
    correlationId: request.correlationId,
    createdAt: now,
    issuedAt: null,
    paidAt: null,
    voidedAt: null,
    carriedAt: null,
    carriedTo: null,
  };
};

/** A draft with something to pay: its order, and the rail is asked to open it. */
export const decideCollection = (
  invoice: Invoice,
  orderId: Id<'ord'>,
  collect: CheckoutCollect,
): {
  readonly order: CollectionOrder;
  readonly messages: readonly InvoicingMessage[];
  readonly audit: readonly AuditEntry[];
} => {
  const order: CollectionOrder = {
    id: orderId,
    invoiceId: invoice.id,
    accountId: invoice.accountId,
    rail: collect.rail,
    amount: invoice.totals.total,
    status: 'open',
    attempt: null,
    createdAt: invoice.createdAt,
  };
  const description = invoice.lines.map((line) => line.description).join(', ');
  const openOrder = { order, checkoutId: invoice.checkoutId, description, returnUrls: collect.returnUrls };
  return {
    order,
    messages: [
      { type: 'invoice_drafted', invoice },
      { type: 'open_order', ...openOrder },
    ],
    audit: [draftedEntry(invoice)],
  };
};

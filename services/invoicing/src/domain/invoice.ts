import { type AccountId, type Id } from '@quittance/kernel';
import { type Currency, type Money, type Period } from '@quittance/money';

import { type InvoiceStatus } from './invoice-status.ts';

export const INVOICE_KINDS = ['checkout', 'renewal', 'plan_change'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

export interface InvoiceLine {
  readonly description: string;
  readonly quantity: number;
  /** Before tax for an exclusive price, with it for an inclusive one. */
  readonly unitPrice: Money;
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
  readonly taxRatePpm: number;
  readonly taxReason: string;
  readonly period: Period | null;
  /** The carried invoice whose amount this line takes over; null on what is billed here. */
  readonly carriedFrom: Id<'inv'> | null;
}

export interface Totals {
  readonly subtotal: Money;
  readonly tax: Money;
  readonly total: Money;
}

/** Seller and buyer as they were when the draft was made: a later move changes no invoice. */
export interface InvoiceSeller {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly country: string;
  readonly taxId: string | null;
}

export interface InvoiceBuyer {
  readonly name: string | null;
  readonly address: string | null;
  readonly country: string;
  readonly taxId: string | null;
}

export interface Invoice {
  readonly id: Id<'inv'>;
  readonly version: number;
  readonly status: InvoiceStatus;
  /** Assigned when issued: an abandoned cart burns no number. */
  readonly number: string | null;
  readonly kind: InvoiceKind;
  readonly accountId: AccountId;
  readonly productId: Id<'prd'>;
  readonly subscriptionId: Id<'sub'>;
  readonly checkoutId: Id<'chk'> | null;
  readonly changeId: string | null;
  readonly currency: Currency;
  readonly period: Period;
  readonly lines: readonly InvoiceLine[];
  readonly totals: Totals;
  readonly seller: InvoiceSeller;
  readonly buyer: InvoiceBuyer;
  readonly correlationId: string;
  readonly createdAt: Date;
  readonly issuedAt: Date | null;
  readonly paidAt: Date | null;
  readonly voidedAt: Date | null;
  /** When it was found to be too little to collect. */
  readonly carriedAt: Date | null;
  /** The invoice that has its amount as a line; null while nobody has taken it over. */
  readonly carriedTo: Id<'inv'> | null;
}

/** A changed invoice, and the version it must still have in the store. */
export interface InvoiceChange {
  readonly to: Invoice;
  readonly fromVersion: number;
}

/** An invoice, and the version its next change gets. */
export interface NextOfInvoice {
  readonly invoice: Invoice;
  readonly version: number;
}

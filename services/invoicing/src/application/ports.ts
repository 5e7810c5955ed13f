import { type AccountId, type AccountScope, type Id, type UnitOfWork, type Write } from '@quittance/kernel';
import { type Currency, type Money, type Period } from '@quittance/money';

import { type VatIdCheck } from '../domain/decide-tax.ts';
import { type InvoiceStatus } from '../domain/invoice-status.ts';
import { type Invoice, type InvoiceKind } from '../domain/invoice.ts';
import { type JournalEntry } from '../domain/journal.ts';
import { type InvoicingMessage } from '../domain/messages.ts';
import { type NumberSeries } from '../domain/number-series.ts';
import { type CollectionOrder, type OrderStatus, type Rail } from '../domain/order.ts';
import { type CapturedPayment, type Payment } from '../domain/payment.ts';
import { type Seller } from '../domain/seller.ts';

export type InvoicingUnitOfWork = UnitOfWork<InvoicingMessage>;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  /** The last id of the page before. */
  readonly after: string | null;
}

/** What an invoice is for; at most one that is not void exists for it. */
export interface Purpose {
  readonly subscriptionId: Id<'sub'>;
  readonly period: Period;
  readonly kind: InvoiceKind;
  readonly changeId: string | null;
}

/** One line that is the same for the same purpose only. */
export const purposeKeyOf = ({ subscriptionId, period, kind, changeId }: Purpose): string =>
  JSON.stringify([subscriptionId, period.start.toISOString(), kind, changeId]);

export interface InvoiceFilter {
  /** Only of this; null for all. */
  readonly status: InvoiceStatus | null;
  /** Drafts, and what was given up as one, are left out. */
  readonly numberedOnly: boolean;
}

export interface PaidInvoice {
  readonly invoice: Invoice;
  /** Null when there was nothing to pay, or nothing is collected by itself. */
  readonly payment: Payment | null;
}

export interface Invoices {
  find(scope: AccountScope, id: Id<'inv'>): Promise<Invoice | null>;
  findMany(ids: readonly Id<'inv'>[]): Promise<ReadonlyMap<string, Invoice>>;
  findForPurpose(scope: AccountScope, purpose: Purpose): Promise<readonly Invoice[]>;
  /** Of these, the ones that have an invoice, whatever became of it; as `purposeKeyOf` writes them. */
  invoicedPurposes(purposes: readonly Purpose[]): Promise<ReadonlySet<string>>;
  /** The one drafted last. */
  findForCheckout(scope: AccountScope, checkoutId: Id<'chk'>): Promise<Invoice | null>;
  /** Of the period that begins then; a void one only where there is no other. */
  findForRenewal(subscriptionId: Id<'sub'>, periodStart: Date): Promise<Invoice | null>;
  /** Newest first. */
  list(scope: AccountScope, filter: InvoiceFilter, page: PageRequest): Promise<Page<Invoice>>;
  /** Of these accounts, what is carried and no other invoice has taken over; oldest first. */
  findCarried(accounts: readonly AccountId[]): Promise<readonly Invoice[]>;
  /** Every paid or carried one changed since then, oldest first. */
  settledSince(since: Date | null): AsyncIterable<PaidInvoice>;
  insert(invoices: readonly Invoice[]): Write;
  /** Status, number, dates and who took it over only: what was billed never changes. Fails with `platform.version_conflict`. */
  update(invoice: Invoice, expectedVersion: number): Write;
}

export interface Orders {
  find(scope: AccountScope, id: Id<'ord'>): Promise<CollectionOrder | null>;
  findMany(ids: readonly Id<'ord'>[]): Promise<ReadonlyMap<string, CollectionOrder>>;
  findOpen(scope: AccountScope, invoiceId: Id<'inv'>): Promise<CollectionOrder | null>;
  insert(orders: readonly CollectionOrder[]): Write;
  /** Fails with `platform.version_conflict` unless the order still has the expected status. */
  updateStatus(order: CollectionOrder, expected: OrderStatus): Write;
}

export interface PaymentOfInvoice {
  readonly payment: Payment;
  readonly invoiceNumber: string | null;
}

export interface Payments {
  /** By its id or its provider's reference: either one says that it is the same money. */
  findRecorded(captured: CapturedPayment): Promise<Payment | null>;
  findRecordedAmong(captured: readonly CapturedPayment[]): Promise<readonly Payment[]>;
  find(scope: AccountScope, id: Id<'pay'>): Promise<PaymentOfInvoice | null>;
  /** Newest first. */
  list(
    scope: AccountScope,
    filter: { readonly invoiceId: Id<'inv'> | null },
    page: PageRequest,
  ): Promise<Page<PaymentOfInvoice>>;
  /** Money that waits for a person, oldest first. */
  listOnBalance(limit: number): Promise<readonly Payment[]>;
  insert(payment: Payment): Write;
}

/** What an account owes in one currency. */
export interface BalanceDue {
  /** With what is carried. */
  readonly due: Money;
  readonly carried: Money;
}

export interface Journal {
  append(entries: readonly JournalEntry[]): Write;
  /** By currency, where anything is owed. */
  balancesDue(accountId: AccountId): Promise<readonly BalanceDue[]>;
}

export interface NumberSeriesStore {
  read(sellerId: string, year: number): Promise<NumberSeries>;
  /** Takes `count` numbers from `series.next` on. Fails with `platform.version_conflict` when somebody else took it first. */
  take(series: NumberSeries, count: number): Write;
}

export interface BillingProfile {
  readonly accountId: AccountId;
  readonly name: string | null;
  readonly address: string | null;
  readonly country: string | null;
  readonly currency: string | null;
  readonly vatId: string | null;
  readonly language: string | null;
}

export interface BillingProfiles {
  findAll(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, BillingProfile>>;
  /** What a first checkout told of its buyer; a profile that exists stays as it is. */
  begin(profile: {
    readonly accountId: AccountId;
    readonly country: string;
    readonly currency: string;
    readonly language: string | null;
    readonly at: Date;
    readonly version: number;
  }): Write;
}

export interface Sellers {
  /** The legal entity that sells now. */
  current(): Promise<Seller>;
  find(id: string): Promise<Seller | null>;
}

/** The only source of tax rates. */
export interface TaxRates {
  /** Standard rate of a country on a day, in parts per million; null when it is not known. */
  standardRatePpm(country: string, at: Date): Promise<number | null>;
}

/** What a rail collects at least; null where it takes any amount. */
export type MinimumOf = (rail: Rail, currency: Currency) => Money | null;

export type CheckVatId = (vatId: string) => VatIdCheck;

/** The next version of an aggregate: only grows, also over a restored database. */
export type NextVersion = (previous: number) => number;

/** Runs work that gives an invoice its number, one at a time in this process. */
export type InNumberingQueue = <T>(work: () => Promise<T>) => Promise<T>;

import { INVOICE_STATUSES } from '../domain/invoice-status.ts';
import { type Invoice, INVOICE_KINDS, type InvoiceLine } from '../domain/invoice.ts';
import { type Prisma } from './generated/client.ts';
import { accountFromRow, currencyFromRow, idFromRow, moneyFromRow, oneOf, periodFromRow } from './row-values.ts';

export const WITH_LINES = { lines: { orderBy: { position: 'asc' } } } as const satisfies Prisma.InvoiceInclude;

export type InvoiceRow = Prisma.InvoiceGetPayload<{ include: typeof WITH_LINES }>;

export const fromRowInvoice = (row: InvoiceRow): Invoice => {
  const amount = (minor: bigint) => moneyFromRow(minor, row.currency);
  return {
    id: idFromRow('inv', row.id),
    version: Number(row.version),
    status: oneOf(INVOICE_STATUSES, row.status),
    number: row.number,
    kind: oneOf(INVOICE_KINDS, row.kind),
    accountId: accountFromRow(row.accountId),
    productId: idFromRow('prd', row.productId),
    subscriptionId: idFromRow('sub', row.subscriptionId),
    checkoutId: row.checkoutId === null ? null : idFromRow('chk', row.checkoutId),
    changeId: row.changeId,
    currency: currencyFromRow(row.currency),
    period: { start: row.periodStart, end: row.periodEnd },
    lines: row.lines.map((line) => fromRowLine(line, row.currency)),
    totals: { subtotal: amount(row.subtotalMinor), tax: amount(row.taxMinor), total: amount(row.totalMinor) },
    seller: {
      id: row.sellerEntityId,
      name: row.sellerName,
      address: row.sellerAddress,
      country: row.sellerCountry,
      taxId: row.sellerTaxId,
    },
    buyer: { name: row.buyerName, address: row.buyerAddress, country: row.buyerCountry, taxId: row.buyerTaxId },
    correlationId: row.correlationId,
    createdAt: row.createdAt,
    issuedAt: row.issuedAt,
    paidAt: row.paidAt,
    voidedAt: row.voidedAt,
    carriedAt: row.carriedAt,
    carriedTo: row.carriedToId === null ? null : idFromRow('inv', row.carriedToId),
  };
};

const fromRowLine = (row: InvoiceRow['lines'][number], currency: string): InvoiceLine => ({
  description: row.description,
  quantity: row.quantity,
  unitPrice: moneyFromRow(row.unitPriceMinor, currency),
  net: moneyFromRow(row.netMinor, currency),
  tax: moneyFromRow(row.taxMinor, currency),
  gross: moneyFromRow(row.grossMinor, currency),
  taxRatePpm: row.taxRatePpm,
  taxReason: row.taxReason,
  period: periodFromRow(row.periodStart, row.periodEnd),
  carriedFrom: row.carriedFromId === null ? null : idFromRow('inv', row.carriedFromId),
});

/** What may still change after the draft was stored. */
export const toRowProgress = (invoice: Invoice) => ({
  status: invoice.status,
  number: invoice.number,
  issuedAt: invoice.issuedAt,
  paidAt: invoice.paidAt,
  voidedAt: invoice.voidedAt,
  carriedAt: invoice.carriedAt,
  carriedToId: invoice.carriedTo,
  version: BigInt(invoice.version),
});

export const toRowInvoice = (invoice: Invoice): Prisma.InvoiceCreateManyInput => ({
  id: invoice.id,
  ...toRowProgress(invoice),
  kind: invoice.kind,
  accountId: invoice.accountId,
  productId: invoice.productId,
  subscriptionId: invoice.subscriptionId,
  checkoutId: invoice.checkoutId,
  changeId: invoice.changeId,
  currency: invoice.currency,
  periodStart: invoice.period.start,
  periodEnd: invoice.period.end,
  subtotalMinor: invoice.totals.subtotal.amountMinor,
  taxMinor: invoice.totals.tax.amountMinor,
  totalMinor: invoice.totals.total.amountMinor,
  sellerEntityId: invoice.seller.id,
  sellerName: invoice.seller.name,
  sellerAddress: invoice.seller.address,
  sellerCountry: invoice.seller.country,
  sellerTaxId: invoice.seller.taxId,
  buyerName: invoice.buyer.name,
  buyerAddress: invoice.buyer.address,
  buyerCountry: invoice.buyer.country,
  buyerTaxId: invoice.buyer.taxId,
  correlationId: invoice.correlationId,
  createdAt: invoice.createdAt,
});

export const toRowLines = (invoice: Invoice): Prisma.InvoiceLineCreateManyInput[] =>
  invoice.lines.map((line, index) => ({
    invoiceId: invoice.id,
    position: index + 1,
    description: line.description,
    quantity: line.quantity,
    unitPriceMinor: line.unitPrice.amountMinor,
    netMinor: line.net.amountMinor,
    taxMinor: line.tax.amountMinor,
    grossMinor: line.gross.amountMinor,
    taxRatePpm: line.taxRatePpm,
    taxReason: line.taxReason,
    periodStart: line.period?.start ?? null,
    periodEnd: line.period?.end ?? null,
    carriedFromId: line.carriedFrom,
  }));

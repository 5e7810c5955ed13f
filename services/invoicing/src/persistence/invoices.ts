import { type Database, insertRows, selectFrom, statementWrite, updateRow } from '@quittance/database';
import { type AccountId, type Id } from '@quittance/kernel';

import { type Invoices, type PaidInvoice, type Purpose, purposeKeyOf } from '../application/ports.ts';
import { type Invoice, INVOICE_KINDS } from '../domain/invoice.ts';
import {
  type Invoice as InvoiceColumns,
  type InvoiceLine as LineColumns,
  Prisma,
  type PrismaClient,
} from './generated/client.ts';
import { fromRowInvoice, toRowInvoice, toRowLines, toRowProgress, WITH_LINES } from './invoice-row.ts';
import { fromRowPayment } from './payment-row.ts';
import { idFromRow, oneInScope, oneOf, pageOfRows, whereScope } from './row-values.ts';

const INVOICES = { table: 'invoices', fields: Prisma.InvoiceScalarFieldEnum };
const LINES = { table: 'invoice_lines', fields: Prisma.InvoiceLineScalarFieldEnum };

export const makeInvoices = ({ client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>): Invoices => ({
  find: (scope, id) =>
    read(async (ask) => {
      const [[invoice], lines] = await Promise.all([
        ask(selectFrom<InvoiceColumns>(INVOICES, ...oneInScope(scope, id))),
        ask(selectFrom<LineColumns>(LINES, 'WHERE t.invoice_id = $1 ORDER BY t.position', [id])),
      ]);
      return invoice === undefined ? null : fromRowInvoice({ ...invoice, lines: [...lines] });
    }),

  findMany: async (ids) => {
    const rows = await client.invoice.findMany({ where: { id: { in: [...ids] } }, include: WITH_LINES });
    return new Map(rows.map((row) => [row.id, fromRowInvoice(row)]));
  },

  findForPurpose: async (scope, { subscriptionId, period, kind, changeId }) => {
    const purpose = { subscriptionId, periodStart: period.start, kind, changeId };
    const rows = await client.invoice.findMany({ where: { ...purpose, ...whereScope(scope) }, include: WITH_LINES });
    return rows.map(fromRowInvoice);
  },

  invoicedPurposes: (purposes) => invoicedPurposes(client, purposes),

  findForCheckout: async (scope, checkoutId) => {
    const row = await client.invoice.findFirst({
      where: { checkoutId, ...whereScope(scope) },
      orderBy: { id: 'desc' },
      include: WITH_LINES,
    });
    return row && fromRowInvoice(row);
  },

  findForRenewal: (subscriptionId, periodStart) => findForRenewal(client, subscriptionId, periodStart),

  list: async (scope, { status, numberedOnly }, { limit, after }) => {
    const found = await client.invoice.findMany({
      where: {
        ...whereScope(scope),
        ...(status === null ? {} : { status }),
        ...(numberedOnly ? { number: { not: null } } : {}),
        ...(after === null ? {} : { id: { lt: after } }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
      include: WITH_LINES,
    });
    const { rows, nextCursor } = pageOfRows(found, limit);
    return { items: rows.map(fromRowInvoice), nextCursor };
  },

  findCarried: (accounts) => findCarried(client, accounts),

  settledSince: (since) => settledSince(client, since),

  insert: (invoices) =>
    statementWrite(
      insertRows('invoices', invoices.map(toRowInvoice)),
      insertRows('invoice_lines', invoices.flatMap(toRowLines)),
    ),

  update: (invoice, version) =>
    statementWrite(
      updateRow(
        'invoices',
        { set: toRowProgress(invoice), where: { id: invoice.id, version } },
        `Invoice ${invoice.id}`,
      ),
    ),
});

const findForRenewal = async (
  client: PrismaClient,
  subscriptionId: Id<'sub'>,
  periodStart: Date,
): Promise<Invoice | null> => {
  const rows = await client.invoice.findMany({
    where: { subscriptionId, periodStart, kind: 'renewal', changeId: null },
    orderBy: { id: 'desc' },
    include: WITH_LINES,
  });
  const row = rows.find(({ status }) => status !== 'void') ?? rows[0];
  return row === undefined ? null : fromRowInvoice(row);
};

const findCarried = async (client: PrismaClient, accounts: readonly AccountId[]): Promise<readonly Invoice[]> => {
  const rows = await client.invoice.findMany({
    where: { accountId: { in: [...accounts] }, status: 'carried', carriedToId: null },
    orderBy: { id: 'asc' },
    include: WITH_LINES,
  });
  return rows.map(fromRowInvoice);
};

const invoicedPurposes = async (client: PrismaClient, purposes: readonly Purpose[]): Promise<ReadonlySet<string>> => {
  const subscriptionId = { in: purposes.map((purpose) => purpose.subscriptionId) };
  const periodStart = { in: purposes.map(({ period }) => period.start) };
  const rows = await client.invoice.findMany({
    where: { subscriptionId, periodStart },
    select: { subscriptionId: true, periodStart: true, periodEnd: true, kind: true, changeId: true },
  });
  return new Set(rows.map(purposeKeyOfRow));
};

const purposeKeyOfRow = (row: {
  readonly subscriptionId: string;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly kind: string;
  readonly changeId: string | null;
}): string =>
  purposeKeyOf({
    subscriptionId: idFromRow('sub', row.subscriptionId),
    period: { start: row.periodStart, end: row.periodEnd },
    kind: oneOf(INVOICE_KINDS, row.kind),
    changeId: row.changeId,
  });

const BATCH = 200;

/** A version is never lower than the wall clock when it was written, so it also says when. */
async function* settledSince(client: PrismaClient, since: Date | null): AsyncGenerator<PaidInvoice> {
  let after: Id<'inv'> | null = null;
  for (;;) {
    const rows = await client.invoice.findMany({
      where: {
        status: { in: ['paid', 'carried'] },
        ...(since === null ? {} : { version: { gte: BigInt(since.getTime()) } }),
        ...(after === null ? {} : { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: BATCH,
      include: { ...WITH_LINES, payments: { where: { appliedTo: 'invoice' } } },
    });
    for (const row of rows) {
      const [payment] = row.payments;
      const invoice = fromRowInvoice(row);
      after = invoice.id;
      yield { invoice, payment: payment === undefined ? null : fromRowPayment(payment) };
    }
    if (rows.length < BATCH) return;
  }
}

import { versionedUpdate, write } from '@quittance/database';
import { type Id } from '@quittance/kernel';

import { type Invoices, type PaidInvoice } from '../application/ports.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowInvoice, toRowInvoice, toRowLines, toRowProgress, WITH_LINES } from './invoice-row.ts';
import { fromRowPayment } from './payment-row.ts';
import { pageOfRows, whereScope } from './row-values.ts';

export const makeInvoices = (client: PrismaClient): Invoices => ({
  find: async (scope, id) => {
    const row = await client.invoice.findFirst({ where: { id, ...whereScope(scope) }, include: WITH_LINES });
    return row && fromRowInvoice(row);
  },

  findForPurpose: async (scope, { subscriptionId, period, kind, changeId }) => {
    const purpose = { subscriptionId, periodStart: period.start, kind, changeId };
    const rows = await client.invoice.findMany({ where: { ...purpose, ...whereScope(scope) }, include: WITH_LINES });
    return rows.map(fromRowInvoice);
  },

  findForCheckout: async (scope, checkoutId) => {
    const row = await client.invoice.findFirst({
      where: { checkoutId, ...whereScope(scope) },
      orderBy: { id: 'desc' },
      include: WITH_LINES,
    });
    return row && fromRowInvoice(row);
  },

  list: async (scope, { statuses }, { limit, after }) => {
    const found = await client.invoice.findMany({
      where: {
        ...whereScope(scope),
        ...(statuses === null ? {} : { status: { in: [...statuses] } }),
        ...(after === null ? {} : { id: { lt: after } }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
      include: WITH_LINES,
    });
    const { rows, nextCursor } = pageOfRows(found, limit);
    return { items: rows.map(fromRowInvoice), nextCursor };
  },

  paidSince: (since) => paidSince(client, since),

  insert: (invoice) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.invoice.create({ data: toRowInvoice(invoice), select: { id: true } });
      await tx.invoiceLine.createMany({ data: toRowLines(invoice) });
    }),

  update: (invoice, expectedVersion) =>
    write<Prisma.TransactionClient>((tx) =>
      versionedUpdate(
        tx.invoice.updateMany({
          where: { id: invoice.id, version: BigInt(expectedVersion) },
          data: toRowProgress(invoice),
        }),
        `Invoice ${invoice.id}`,
      ),
    ),
});

const BATCH = 200;

/** A version is never lower than the wall clock when it was written, so it also says when. */
async function* paidSince(client: PrismaClient, since: Date | null): AsyncGenerator<PaidInvoice> {
  let after: Id<'inv'> | null = null;
  for (;;) {
    const rows = await client.invoice.findMany({
      where: {
        status: 'paid',
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

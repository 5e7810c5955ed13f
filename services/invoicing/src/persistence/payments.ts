import { write } from '@quittance/database';

import { type PaymentOfInvoice, type Payments } from '../application/ports.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowPayment, toRowPayment } from './payment-row.ts';
import { pageOfRows, whereScope } from './row-values.ts';

const WITH_NUMBER = { invoice: { select: { number: true } } } as const satisfies Prisma.PaymentInclude;

export const makePayments = (client: PrismaClient): Payments => ({
  findRecorded: async ({ id, provider, providerReference }) => {
    const row = await client.payment.findFirst({ where: { OR: [{ id }, { provider, providerReference }] } });
    return row && fromRowPayment(row);
  },

  find: async (scope, id) => {
    const row = await client.payment.findFirst({ where: { id, ...whereScope(scope) }, include: WITH_NUMBER });
    return row && fromRowPaymentOfInvoice(row);
  },

  list: async (scope, { invoiceId }, { limit, after }) => {
    const found = await client.payment.findMany({
      where: {
        ...whereScope(scope),
        ...(invoiceId === null ? {} : { invoiceId }),
        ...(after === null ? {} : { id: { lt: after } }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
      include: WITH_NUMBER,
    });
    const { rows, nextCursor } = pageOfRows(found, limit);
    return { items: rows.map(fromRowPaymentOfInvoice), nextCursor };
  },

  listOnBalance: async (limit) => {
    const rows = await client.payment.findMany({
      where: { appliedTo: 'balance' },
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map(fromRowPayment);
  },

  insert: (payment) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.payment.create({ data: toRowPayment(payment), select: { id: true } });
    }),
});

const fromRowPaymentOfInvoice = (row: Prisma.PaymentGetPayload<{ include: typeof WITH_NUMBER }>): PaymentOfInvoice => ({
  payment: fromRowPayment(row),
  invoiceNumber: row.invoice.number,
});

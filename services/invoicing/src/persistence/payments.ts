import { type Database, insertRows, selectFrom, statementWrite } from '@quittance/database';

import { type PaymentOfInvoice, type Payments } from '../application/ports.ts';
import { type Payment as PaymentColumns, Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowPayment, toRowPayment } from './payment-row.ts';
import { pageOfRows, whereScope } from './row-values.ts';

const WITH_NUMBER = { invoice: { select: { number: true } } } as const satisfies Prisma.PaymentInclude;

const PAYMENTS = { table: 'payments', fields: Prisma.PaymentScalarFieldEnum };

export const makePayments = ({ client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>): Payments => ({
  findRecorded: ({ id, provider, providerReference }) =>
    read(async (ask) => {
      const same = 'WHERE t.id = $1 OR (t.provider = $2 AND t.provider_reference = $3) LIMIT 1';
      const [row] = await ask(selectFrom<PaymentColumns>(PAYMENTS, same, [id, provider, providerReference]));
      return row === undefined ? null : fromRowPayment(row);
    }),

  findRecordedAmong: async (captured) => {
    const ids = { in: captured.map(({ id }) => id) };
    const references = { in: captured.map(({ providerReference }) => providerReference) };
    const rows = await client.payment.findMany({ where: { OR: [{ id: ids }, { providerReference: references }] } });
    return rows.map(fromRowPayment);
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

  insert: (payment) => statementWrite(insertRows('payments', [toRowPayment(payment)])),
});

const fromRowPaymentOfInvoice = (row: Prisma.PaymentGetPayload<{ include: typeof WITH_NUMBER }>): PaymentOfInvoice => ({
  payment: fromRowPayment(row),
  invoiceNumber: row.invoice.number,
});

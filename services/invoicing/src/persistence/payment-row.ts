import { RAILS } from '../domain/order.ts';
import { APPLIED_TO, type Payment, PAYMENT_STATUSES } from '../domain/payment.ts';
import { type Prisma } from './generated/client.ts';
import { accountFromRow, idFromRow, moneyFromRow, oneOf } from './row-values.ts';

export const fromRowPayment = (row: Prisma.PaymentGetPayload<object>): Payment => ({
  id: idFromRow('pay', row.id),
  status: oneOf(PAYMENT_STATUSES, row.status),
  accountId: accountFromRow(row.accountId),
  orderId: idFromRow('ord', row.orderId),
  invoiceId: idFromRow('inv', row.invoiceId),
  rail: oneOf(RAILS, row.rail),
  provider: row.provider,
  providerReference: row.providerReference,
  amount: moneyFromRow(row.amountMinor, row.currency),
  method: row.methodKind === null ? null : { kind: row.methodKind, brand: row.methodBrand, last4: row.methodLast4 },
  appliedTo: oneOf(APPLIED_TO, row.appliedTo),
  capturedAt: row.capturedAt,
  recordedAt: row.recordedAt,
  correlationId: row.correlationId,
});

export const toRowPayment = (payment: Payment): Prisma.PaymentUncheckedCreateInput => ({
  id: payment.id,
  status: payment.status,
  accountId: payment.accountId,
  orderId: payment.orderId,
  invoiceId: payment.invoiceId,
  rail: payment.rail,
  provider: payment.provider,
  providerReference: payment.providerReference,
  amountMinor: payment.amount.amountMinor,
  currency: payment.amount.currency,
  methodKind: payment.method?.kind ?? null,
  methodBrand: payment.method?.brand ?? null,
  methodLast4: payment.method?.last4 ?? null,
  appliedTo: payment.appliedTo,
  capturedAt: payment.capturedAt,
  recordedAt: payment.recordedAt,
  correlationId: payment.correlationId,
});

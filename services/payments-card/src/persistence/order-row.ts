import { assert } from '@quittance/kernel';

import { paymentsCardErrors, type PaymentsCardCode } from '../domain/errors.ts';
import {
  type Attempt,
  ATTEMPT_OUTCOMES,
  type Charge,
  DECLINE_REASONS,
  type MethodSummary,
  type OpenRequest,
  type Order,
  ORDER_STATES,
  type Parking,
  type Payment,
  type Session,
} from '../domain/order.ts';
import { type Prisma } from './generated/client.ts';
import { accountFromRow, idFromRow, moneyFromRow, oneOf } from './row-values.ts';

export const WHOLE = { attempts: { orderBy: { at: 'asc' } }, payment: true } as const satisfies Prisma.OrderInclude;

export type OrderRow = Prisma.OrderGetPayload<{ include: typeof WHOLE }>;

export const fromRowOrder = (row: OrderRow): Order => ({
  id: idFromRow('ord', row.id),
  accountId: accountFromRow(row.accountId),
  invoiceId: idFromRow('inv', row.invoiceId),
  checkoutId: row.checkoutId === null ? null : idFromRow('chk', row.checkoutId),
  correlationId: row.correlationId,
  provider: row.provider,
  amount: moneyFromRow(row.amountMinor, row.currency),
  state: oneOf(ORDER_STATES, row.state),
  version: Number(row.version),
  openRequest: isRequest(row.openRequest) ? row.openRequest : {},
  session: sessionFromRow(row),
  charge: chargeFromRow(row),
  payment: row.payment && fromRowPayment(row.payment),
  attempts: row.attempts.map(fromRowAttempt),
  parked: parkingFromRow(row),
  createdAt: row.createdAt,
  firstSentAt: row.firstSentAt,
  unknownSince: row.unknownSince,
  tries: row.tries,
  dueAt: row.dueAt,
});

/** The columns that change. `first_sent_at` is not among them: only a claim writes it. */
export const toRowState = (order: Order) => ({
  state: order.state,
  version: BigInt(order.version),
  providerReference: order.session?.reference ?? order.charge?.reference ?? null,
  payUrl: order.session?.payUrl ?? null,
  payUntil: order.session?.payUntil ?? null,
  unknownSince: order.unknownSince,
  tries: order.tries,
  dueAt: order.dueAt,
  parkedCode: order.parked?.code ?? null,
  parkedMessage: order.parked?.message ?? null,
  parkedSince: order.parked?.since ?? null,
});

export const toRowOrder = (order: Order): Prisma.OrderUncheckedCreateInput => ({
  ...toRowState(order),
  id: order.id,
  accountId: order.accountId,
  invoiceId: order.invoiceId,
  checkoutId: order.checkoutId,
  correlationId: order.correlationId,
  provider: order.provider,
  amountMinor: order.amount.amountMinor,
  currency: order.amount.currency,
  chargeKey: order.charge?.key ?? null,
  chargeAttempt: order.charge?.attempt ?? null,
  openRequest: toJson(order.openRequest),
  createdAt: order.createdAt,
});

export const toRowAttempt = (order: Order, attempt: Attempt): Prisma.AttemptUncheckedCreateInput => ({
  orderId: order.id,
  ...attempt,
});

export const toRowPayment = (order: Order, payment: Payment): Prisma.PaymentUncheckedCreateInput => ({
  id: payment.id,
  orderId: order.id,
  accountId: order.accountId,
  provider: order.provider,
  providerReference: payment.providerReference,
  amountMinor: order.amount.amountMinor,
  currency: order.amount.currency,
  methodKind: payment.method?.kind ?? null,
  methodBrand: payment.method?.brand ?? null,
  methodLast4: payment.method?.last4 ?? null,
  capturedAt: payment.capturedAt,
});

const sessionFromRow = ({ providerReference, payUrl, payUntil }: OrderRow): Session | null =>
  providerReference === null || payUntil === null ? null : { reference: providerReference, payUrl, payUntil };

const chargeFromRow = ({ chargeKey: key, chargeAttempt: attempt, providerReference }: OrderRow): Charge | null =>
  key === null || attempt === null ? null : { key, attempt, reference: providerReference };

const fromRowPayment = (row: NonNullable<OrderRow['payment']>): Payment => ({
  id: idFromRow('pay', row.id),
  providerReference: row.providerReference,
  method: methodFromRow(row),
  capturedAt: row.capturedAt,
});

const methodFromRow = (row: NonNullable<OrderRow['payment']>): MethodSummary | null =>
  row.methodKind === null ? null : { kind: row.methodKind, brand: row.methodBrand, last4: row.methodLast4 };

const fromRowAttempt = (row: OrderRow['attempts'][number]): Attempt => ({
  reference: row.reference,
  outcome: oneOf(ATTEMPT_OUTCOMES, row.outcome),
  reason: row.reason === null ? null : oneOf(DECLINE_REASONS, row.reason),
  at: row.at,
});

const parkingFromRow = ({ parkedCode: code, parkedMessage: message, parkedSince: since }: OrderRow): Parking | null =>
  code === null || message === null || since === null || !isCode(code) ? null : { code, message, since };

const isCode = (code: string): code is PaymentsCardCode => Object.hasOwn(paymentsCardErrors, code);

const isRequest = (value: unknown): value is OpenRequest =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Through text and back, as the column keeps it: what is not JSON would be dropped here and not later. */
const toJson = (request: OpenRequest): Prisma.InputJsonObject => {
  const copy: unknown = JSON.parse(JSON.stringify(request));
  assert(isJsonObject(copy), 'a request is a JSON object');
  return copy;
};

const isJsonObject = (value: unknown): value is Prisma.InputJsonObject => isRequest(value);

import { type ApiPaymentOrder, toApiMoney } from '@quittance/contracts';
import { type z } from 'zod';

import { type Order, statusOf } from '../domain/order.ts';

export const toApiPaymentOrder = (order: Order): z.infer<typeof ApiPaymentOrder> => ({
  id: order.id,
  status: statusOf(order.state),
  accountId: order.accountId,
  invoiceId: order.invoiceId,
  amount: toApiMoney(order.amount),
  provider: order.provider,
  providerReference: order.payment?.providerReference ?? order.session?.reference ?? null,
  paymentId: order.payment?.id ?? null,
  unknownSince: order.unknownSince?.toISOString() ?? null,
  payUntil: order.session?.payUntil.toISOString() ?? null,
  attempts: order.attempts.map(({ reference, outcome, reason, at }) => ({
    reference,
    outcome,
    reason,
    at: at.toISOString(),
  })),
  correlationId: order.correlationId,
  createdAt: order.createdAt.toISOString(),
});

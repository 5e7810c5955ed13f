import {
  type ChargeOrder,
  fromApiMoney,
  type IncomingMessage,
  LegacySubscriptionReported,
  OrderExpired,
  OrderFailed,
  OrderOpened,
  type OpenOrder,
  outgoing,
  type OutgoingMessage,
  PaymentCompleted,
  PaymentFailed,
  toApiMoney,
} from '@quittance/contracts';
import { assertNever, must } from '@quittance/kernel';
import { type z } from 'zod';

import { type AcceptOrderInput } from '../application/accept-order.ts';
import { type AcceptChargeInput } from '../application/index.ts';
import { type MirroredSubscription } from '../domain/legacy-subscription.ts';
import { type CardMessage } from '../domain/messages.ts';
import { type Order } from '../domain/order.ts';

/** Domain message → event of the contracts. */
export const toOutgoingMessage = (message: CardMessage): OutgoingMessage => {
  if (message.type === 'legacy-subscription.reported') return toLegacyReported(message.mirrored);
  const { order } = message;
  const about = { subject: order.id, version: order.version };
  switch (message.type) {
    case 'order.opened':
      return outgoing(OrderOpened, { ...about, data: { ...toEventOrder(order), ...placeOf(order) } });
    case 'order.failed':
      return outgoing(OrderFailed, {
        ...about,
        data: { ...toEventOrder(order), code: message.code, message: message.message },
      });
    case 'order.expired':
      return outgoing(OrderExpired, { ...about, data: toEventOrder(order) });
    case 'payment.completed':
      return outgoing(PaymentCompleted, { ...about, data: { ...toEventOrder(order), ...paymentOf(order) } });
    case 'payment.failed':
      return outgoing(PaymentFailed, {
        ...about,
        data: {
          ...toEventOrder(order),
          attemptReference: message.attempt.reference,
          ...(order.charge === null ? {} : { chargeAttempt: order.charge.attempt }),
          reason: message.attempt.reason ?? 'other',
          failedAt: message.attempt.at.toISOString(),
        },
      });
    default:
      return assertNever(message);
  }
};

const toLegacyReported = ({ subscription, version }: MirroredSubscription): OutgoingMessage =>
  outgoing(LegacySubscriptionReported, {
    subject: subscription.reference,
    version,
    data: {
      ...subscription,
      unitPrice: toApiMoney(subscription.unitPrice),
      anchorAt: subscription.anchorAt.toISOString(),
      period: { start: subscription.period.start.toISOString(), end: subscription.period.end.toISOString() },
      endedAt: subscription.endedAt?.toISOString() ?? null,
    },
  });

export const fromOpenOrder = (message: IncomingMessage<z.infer<typeof OpenOrder.data>>): AcceptOrderInput => ({
  ...message.data,
  amount: fromApiMoney(message.data.amount),
  correlationId: message.correlationId,
});

export const fromChargeOrder = (message: IncomingMessage<z.infer<typeof ChargeOrder.data>>): AcceptChargeInput => ({
  ...message.data,
  amount: fromApiMoney(message.data.amount),
  correlationId: message.correlationId,
  cause: { id: message.id, actor: message.actor },
});

const toEventOrder = (order: Order) => ({
  orderId: order.id,
  invoiceId: order.invoiceId,
  checkoutId: order.checkoutId,
  accountId: order.accountId,
  rail: 'card' as const,
  provider: order.provider,
  amount: toApiMoney(order.amount),
});

const placeOf = (order: Order) => {
  const { payUrl, payUntil } = must(order.session, `session of opened order ${order.id}`);
  return { payUrl: must(payUrl, `pay URL of opened order ${order.id}`), expiresAt: payUntil.toISOString() };
};

const paymentOf = (order: Order) => {
  const payment = must(order.payment, `payment of completed order ${order.id}`);
  return {
    paymentId: payment.id,
    providerReference: payment.providerReference,
    method: payment.method,
    capturedAt: payment.capturedAt.toISOString(),
  };
};

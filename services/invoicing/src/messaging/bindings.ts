import { type Binding, on, onBatch } from '@quittance/bus';
import {
  CancelInvoice,
  CancelRenewalInvoice,
  OpenInvoice,
  OrderExpired,
  OrderFailed,
  PaymentCompleted,
  PaymentFailed,
  RememberBuyer,
} from '@quittance/contracts';

import {
  type ApplyCollected,
  type ApplyPayment,
  type EndInvoice,
  type IssueInvoices,
  type OpenInvoice as OpenInvoiceUseCase,
  type RememberBuyer as RememberBuyerUseCase,
} from '../application/index.ts';
import { fromCommandOpenInvoice, fromEventPaymentCompleted } from './convert.ts';

interface UseCases {
  readonly openInvoice: OpenInvoiceUseCase;
  readonly issueInvoices: IssueInvoices;
  readonly applyPayment: ApplyPayment;
  readonly applyCollected: ApplyCollected;
  readonly endInvoice: EndInvoice;
  readonly rememberBuyer: RememberBuyerUseCase;
}

/** Everything invoicing listens to. What people wait for goes one by one, what a run of renewals brings goes together. */
export const bindings = ({
  openInvoice,
  issueInvoices,
  applyPayment,
  applyCollected,
  endInvoice,
  rememberBuyer,
}: UseCases): readonly Binding[] => [
  onBatch(
    OpenInvoice,
    (messages) =>
      issueInvoices(
        messages.map(({ id, actor, data, correlationId }) => ({
          request: fromCommandOpenInvoice(data, correlationId),
          cause: { id, actor },
        })),
      ),
    {
      alone: {
        when: ({ data }) => data.collect.kind === 'checkout',
        handler: async ({ data, correlationId }) => {
          const request = fromCommandOpenInvoice(data, correlationId);
          if (request.collect.kind === 'checkout') await openInvoice({ ...request, collect: request.collect });
        },
      },
    },
  ),

  on(CancelInvoice, ({ data }) => endInvoice.cancel(data.checkoutId, data.reason)),

  on(RememberBuyer, ({ data }) => rememberBuyer(data)),

  on(CancelRenewalInvoice, ({ data }) =>
    endInvoice.cancelRenewal(data.subscriptionId, new Date(data.periodStart), data.reason),
  ),

  onBatch(
    PaymentCompleted,
    (messages) =>
      applyCollected(
        messages.map(({ id, actor, data }) => ({ captured: fromEventPaymentCompleted(data), cause: { id, actor } })),
      ),
    {
      alone: {
        when: ({ data }) => data.checkoutId !== null,
        handler: ({ data }) => applyPayment(fromEventPaymentCompleted(data)),
      },
    },
  ),

  on(OrderExpired, ({ data, time }) =>
    endInvoice.orderEnded(data.orderId, {
      status: 'expired',
      at: time,
      note: `${data.provider} says order ${data.orderId} expired.`,
    }),
  ),

  on(OrderFailed, ({ data, time }) =>
    endInvoice.orderEnded(data.orderId, { status: 'failed', note: `${data.code}: ${data.message}`, at: time }),
  ),

  // On a page the customer may try again, and nothing has ended.
  on(PaymentFailed, async ({ data }) => {
    if (data.chargeAttempt === undefined) return;
    await endInvoice.collectionFailed(data.orderId, { reason: data.reason, failedAt: new Date(data.failedAt) });
  }),
];

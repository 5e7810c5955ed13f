import { type Binding, on } from '@quittance/bus';
import {
  CancelInvoice,
  OpenInvoice,
  OrderExpired,
  OrderFailed,
  PaymentCompleted,
  PaymentFailed,
} from '@quittance/contracts';

import {
  type ApplyPayment,
  type EndInvoice,
  type IssueInvoices,
  type OpenInvoice as OpenInvoiceUseCase,
} from '../application/index.ts';
import { fromCommandOpenInvoice, fromEventPaymentCompleted } from './convert.ts';

interface UseCases {
  readonly openInvoice: OpenInvoiceUseCase;
  readonly issueInvoices: IssueInvoices;
  readonly applyPayment: ApplyPayment;
  readonly endInvoice: EndInvoice;
}

/** Everything invoicing listens to. */
export const bindings = ({ openInvoice, issueInvoices, applyPayment, endInvoice }: UseCases): readonly Binding[] => [
  on(OpenInvoice, async ({ id, actor, data, correlationId }) => {
    const request = fromCommandOpenInvoice(data, correlationId);
    const { collect } = request;
    if (collect.kind === 'automatic') await issueInvoices([{ request, cause: { id, actor } }]);
    else await openInvoice({ ...request, collect });
  }),

  on(CancelInvoice, ({ data }) => endInvoice.cancel(data.checkoutId, data.reason)),

  on(PaymentCompleted, ({ data }) => applyPayment(fromEventPaymentCompleted(data))),

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

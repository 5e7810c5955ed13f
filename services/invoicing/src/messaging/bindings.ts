import { type Binding, on } from '@quittance/bus';
import { CancelInvoice, OpenInvoice, OrderExpired, OrderFailed, PaymentCompleted } from '@quittance/contracts';

import { type ApplyPayment, type EndInvoice, type OpenInvoice as OpenInvoiceUseCase } from '../application/index.ts';
import { fromCommandOpenInvoice, fromEventPaymentCompleted } from './convert.ts';

interface UseCases {
  readonly openInvoice: OpenInvoiceUseCase;
  readonly applyPayment: ApplyPayment;
  readonly endInvoice: EndInvoice;
}

/** Everything invoicing listens to. */
export const bindings = ({ openInvoice, applyPayment, endInvoice }: UseCases): readonly Binding[] => [
  on(OpenInvoice, ({ data, correlationId }) => openInvoice(fromCommandOpenInvoice(data, correlationId))),

  on(CancelInvoice, ({ data }) => endInvoice.cancel(data.checkoutId, data.reason)),

  on(PaymentCompleted, ({ data }) => applyPayment(fromEventPaymentCompleted(data))),

  on(OrderExpired, ({ data }) =>
    endInvoice.orderEnded(data.orderId, {
      status: 'expired',
      note: `${data.provider} says order ${data.orderId} expired.`,
    }),
  ),

  on(OrderFailed, ({ data }) =>
    endInvoice.orderEnded(data.orderId, { status: 'failed', note: `${data.code}: ${data.message}` }),
  ),
];

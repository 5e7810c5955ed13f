import { type Binding, on } from '@quittance/bus';
import {
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  OrderFailed,
  OrderOpened,
  PaymentFailed,
  PlanPublished,
} from '@quittance/contracts';

import { type ActivateSubscription, type KeepPlan, type ProgressCheckout } from '../application/index.ts';
import { fromEventDueNow, fromEventPaid, fromEventPeriod, fromEventPlanPublished } from './convert.ts';

interface UseCases {
  readonly keepPlan: KeepPlan;
  readonly activate: ActivateSubscription;
  readonly progress: ProgressCheckout;
}

/** Everything subscription listens to. What does not come from a checkout (renewals) is not answered here. */
export const bindings = ({ keepPlan, activate, progress }: UseCases): readonly Binding[] => [
  on(PlanPublished, ({ data, version }) => keepPlan(fromEventPlanPublished(data), version)),

  on(InvoiceDrafted, async ({ data }) => {
    if (data.checkoutId) await progress.invoiceDrafted(data.checkoutId, data.invoiceId, fromEventDueNow(data));
  }),

  on(OrderOpened, async ({ data }) => {
    const order = { id: data.orderId, payUrl: data.payUrl, payUntil: new Date(data.expiresAt) };
    if (data.checkoutId) await progress.orderOpened(data.checkoutId, order);
  }),

  on(PaymentFailed, async ({ data }) => {
    if (data.checkoutId) await progress.attemptDeclined(data.checkoutId, data.reason, new Date(data.failedAt));
  }),

  on(OrderFailed, async ({ data }) => {
    if (data.checkoutId) await progress.orderFailed(data.checkoutId, data.message);
  }),

  on(InvoiceVoided, async ({ data }) => {
    if (data.checkoutId) await progress.invoiceVoided(data.checkoutId, data.reason);
  }),

  on(InvoicePaid, async ({ data }) => {
    if (!data.checkoutId) return;
    await activate({
      subscriptionId: data.subscriptionId,
      checkoutId: data.checkoutId,
      period: fromEventPeriod(data.period),
      ...fromEventPaid(data),
    });
  }),
];

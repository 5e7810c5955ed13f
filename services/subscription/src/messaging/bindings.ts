import { type Binding, on, onBatch } from '@quittance/bus';
import {
  CouponChanged,
  CouponRefused,
  CouponReserved,
  InvoiceCollectionFailed,
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  LegacySubscriptionReported,
  OrderFailed,
  OrderOpened,
  PaymentFailed,
  PlanPublished,
} from '@quittance/contracts';
import { isId } from '@quittance/kernel';

import {
  type ActivateSubscription,
  type AnswerCoupon,
  type KeepCoupon,
  type KeepPlan,
  type MirrorLegacy,
  type ProgressCheckout,
  type SettleChange,
  type SettleRenewals,
} from '../application/index.ts';
import { fromEventCoupon } from './convert-coupon.ts';
import {
  fromEventCollectionFailed,
  fromEventDueNow,
  fromEventLegacyReported,
  fromEventPaid,
  fromEventPeriod,
  fromEventPlanPublished,
  fromEventRenewalPaid,
} from './convert.ts';

interface UseCases {
  readonly keepPlan: KeepPlan;
  readonly keepCoupon: KeepCoupon;
  readonly answerCoupon: AnswerCoupon;
  readonly activate: ActivateSubscription;
  readonly settleChange: SettleChange;
  readonly progress: ProgressCheckout;
  readonly renewals: SettleRenewals;
  readonly mirror: MirrorLegacy;
}

/** Everything subscription listens to. What a checkout caused is answered one by one, what a run of renewals caused together. */
export const bindings = ({
  keepPlan,
  keepCoupon,
  answerCoupon,
  activate,
  settleChange,
  progress,
  renewals,
  mirror,
}: UseCases): readonly Binding[] => [
  on(PlanPublished, ({ data, version }) => keepPlan(fromEventPlanPublished(data), version)),

  on(CouponChanged, ({ data, version }) => keepCoupon(fromEventCoupon(data), version)),

  on(CouponReserved, ({ data }) => answerCoupon.reserved(data.checkoutId)),

  on(CouponRefused, ({ data }) => answerCoupon.refused(data.checkoutId, data.reason)),

  on(InvoiceDrafted, async ({ data }) => {
    if (data.checkoutId) await progress.invoiceDrafted(data.checkoutId, data.invoiceId, fromEventDueNow(data));
  }),

  on(OrderOpened, async ({ data }) => {
    const order = { id: data.orderId, payUrl: data.payUrl, payUntil: new Date(data.expiresAt) };
    if (data.checkoutId) await progress.orderOpened(data.checkoutId, order);
  }),

  on(PaymentFailed, async ({ data }) => {
    if (data.checkoutId) {
      // A page has no stored method that could be missing.
      const reason = data.reason === 'no_payment_method' ? 'other' : data.reason;
      await progress.attemptDeclined(data.checkoutId, reason, new Date(data.failedAt));
    }
  }),

  on(OrderFailed, async ({ data }) => {
    if (data.checkoutId) await progress.orderFailed(data.checkoutId, data.message);
  }),

  on(InvoiceVoided, async ({ data }) => {
    if (data.checkoutId) await progress.invoiceVoided(data.checkoutId, data.reason);
  }),

  on(LegacySubscriptionReported, ({ data, version }) => mirror(fromEventLegacyReported(data, version))),

  onBatch(InvoicePaid, (messages) => renewals.paid(messages.filter(isRenewal).map(fromEventRenewalPaid)), {
    when: ({ data }) => data.checkoutId !== null,
    handler: async ({ data }) => {
      const { changeId, checkoutId } = data;
      if (!checkoutId) return;
      if (isId('chg', changeId)) {
        await settleChange({ changeId, checkoutId, ...fromEventPaid(data) });
        return;
      }
      await activate({
        subscriptionId: data.subscriptionId,
        checkoutId,
        invoiceId: data.invoiceId,
        period: fromEventPeriod(data.period),
        ...fromEventPaid(data),
      });
    },
  }),

  onBatch(InvoiceCollectionFailed, (messages) =>
    renewals.missed(messages.filter(isRenewal).map(fromEventCollectionFailed)),
  ),
];

const isRenewal = ({ data }: { readonly data: { readonly kind: string } }): boolean => data.kind === 'renewal';

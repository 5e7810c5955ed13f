import { type Binding, on, onBatch } from '@quittance/bus';
import {
  CouponChanged,
  CouponRefused,
  CouponReserved,
  type IncomingMessage,
  InvoiceCarried,
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
import { type z } from 'zod';

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
  fromEventPeriod,
  fromEventPlanPublished,
  fromEventRenewalSettled,
  fromEventSettled,
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
    if (data.checkoutId) await progress.orderFailed(data.checkoutId, { code: data.code, message: data.message });
  }),

  on(InvoiceVoided, async ({ data }) => {
    // The rail itself tells us of a failed order, with why: the draft that goes with it is no news.
    if (data.checkoutId && data.reason !== 'order_failed') await progress.invoiceVoided(data.checkoutId, data.reason);
  }),

  on(LegacySubscriptionReported, ({ data, version }) => mirror(fromEventLegacyReported(data, version))),

  onBatch(
    InvoicePaid,
    (messages) => renewals.paid(messages.filter(isNews).filter(isRenewal).map(fromEventRenewalSettled)),
    checkoutsAlone(async (message) => {
      if (isNews(message)) await settleCheckout({ activate, settleChange }, message);
    }),
  ),

  // Whether its amount is collected now or with the next invoice: what it bills is given.
  onBatch(
    InvoiceCarried,
    (messages) => renewals.paid(messages.filter(isRenewal).map(fromEventRenewalSettled)),
    checkoutsAlone((message) => settleCheckout({ activate, settleChange }, message)),
  ),

  onBatch(InvoiceCollectionFailed, (messages) =>
    renewals.missed(messages.filter(isRenewal).map(fromEventCollectionFailed)),
  ),
];

/** What a checkout caused is decided alone: somebody waits for it. */
const checkoutsAlone = <Data extends { readonly checkoutId: string | null }>(
  handler: (message: IncomingMessage<Data>) => Promise<void>,
) => ({ alone: { when: ({ data }: IncomingMessage<Data>) => data.checkoutId !== null, handler } });

type Settled = Pick<IncomingMessage<z.infer<typeof InvoiceCarried.data>>, 'data'>;

const settleCheckout = async (
  { activate, settleChange }: Pick<UseCases, 'activate' | 'settleChange'>,
  { data }: Settled,
): Promise<void> => {
  const { changeId, checkoutId, invoiceId } = data;
  if (!checkoutId) return;
  const settled = { checkoutId, invoiceId, dueNow: fromEventDueNow(data), ...fromEventSettled(data) };
  if (isId('chg', changeId)) {
    await settleChange({ changeId, ...settled });
    return;
  }
  await activate({ subscriptionId: data.subscriptionId, period: fromEventPeriod(data.period), ...settled });
};

/** What a carried invoice bills was given when it was carried; that its amount came since changes nothing here. */
const isNews = ({ data }: Settled): boolean => data.carriedTo === undefined;

const isRenewal = ({ data }: { readonly data: { readonly kind: string } }): boolean => data.kind === 'renewal';

import {
  type ApiCheckoutSession,
  CreateCheckoutSession,
  CreateFormerAppCheckout,
  CreateFormerCheckout,
  GetCheckoutSession,
  GetSubscriptionStatus,
  ListSubscriptions,
  ReceiveFormerStripeWebhook,
  ReceiveStripeWebhook,
  SetFormerSubscriptionStatus,
  SetSubscriptionStatus,
} from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';
import { platformFail } from '@quittance/kernel';
import { type z } from 'zod';

import { type CallService } from '../application/index.ts';
import { callContract } from './call-contract.ts';
import { formerChangeRoutes } from './former-changes.handlers.ts';
import {
  type Caller,
  type CompatibilityDeps,
  CURRENCY,
  current,
  deprecated,
  INTERVALS,
  returnUrls,
  type Subscription,
  tierCalled,
  tiersOf,
  type Wish,
} from './former-words.ts';
import { forwardFormerRoute } from './forward-route.ts';

type Session = z.output<typeof ApiCheckoutSession>;
/** A custom cycle has no word there. */
const toFormerInterval = (interval: Subscription['interval']): 'monthly' | 'yearly' | null => {
  if (interval === 'month') return 'monthly';
  return interval === 'year' ? 'yearly' : null;
};

/** The routes of the former billing API, for the caller’s own account only. */
export const compatibilityRoutes = (deps: CompatibilityDeps): readonly Route[] => [
  handle(CreateFormerAppCheckout, async ({ body, principal, request }) =>
    ok(await checkOut(deps, body, { principal, requestId: request.id }), deprecated(CreateCheckoutSession.path)),
  ),
  handle(CreateFormerCheckout, async ({ body, principal, request }) =>
    ok(await checkOut(deps, body, { principal, requestId: request.id }), deprecated(CreateCheckoutSession.path)),
  ),
  ...formerChangeRoutes(deps),
  forwardFormerRoute(SetFormerSubscriptionStatus, SetSubscriptionStatus, deps),
  forwardFormerRoute(ReceiveFormerStripeWebhook, ReceiveStripeWebhook, deps),
  handle(GetSubscriptionStatus, async ({ principal, request }) => {
    const call = { principal, requestId: request.id, query: { limit: '100' } };
    const { data } = await callContract(deps.callService, ListSubscriptions, call);
    return ok(toFormerStatus(current(data)), deprecated('/v1/billing'));
  }),
];

const checkOut = async (deps: CompatibilityDeps, wish: Wish, caller: Caller) => {
  const urls = returnUrls(wish, deps.publicUrl);
  const body = {
    planId: tierCalled(await tiersOf(deps.callService), wish.plan).planId,
    interval: INTERVALS[wish.interval],
    currency: CURRENCY,
    ...urls,
  };
  const headers = { 'idempotency-key': `former-${caller.requestId}` };
  const begun = await callContract(deps.callService, CreateCheckoutSession, { ...caller, body, headers });
  const session = begun.status === 'opening' ? await waitFor(deps.callService, begun, caller) : begun;
  return { url: whereToGo(session, urls.successUrl), sessionId: session.id };
};

const waitFor = (callService: CallService, { id }: Session, caller: Caller) =>
  callContract(callService, GetCheckoutSession, { ...caller, params: { id }, query: { wait: '5s' } });

const whereToGo = ({ status, payUrl, id }: Session, successUrl: string): string => {
  if (payUrl !== null) return payUrl;
  if (status === 'completed') return successUrl.replaceAll('{CHECKOUT_SESSION_ID}', id);
  throw platformFail('platform.unavailable', 'The payment page is not ready yet; the same request again finds it.');
};

const toFormerStatus = (subscription: Subscription | null) => ({
  status: subscription?.status ?? ('none' as const),
  tier: subscription?.planKey ?? null,
  plan: subscription?.planName ?? null,
  interval: subscription === null ? null : toFormerInterval(subscription.interval),
  subscriptionId: subscription?.id ?? null,
  currentPeriodStart: subscription?.currentPeriod?.start ?? null,
  currentPeriodEnd: subscription?.currentPeriod?.end ?? null,
  cancelAtPeriodEnd: subscription?.cancelAtPeriodEnd ?? false,
});

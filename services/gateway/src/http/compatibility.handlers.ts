import {
  type ApiCheckoutSession,
  type ApiSubscription,
  CreateCheckoutSession,
  CreateFormerAppCheckout,
  CreateFormerCheckout,
  GetCheckoutSession,
  GetPricing,
  GetSubscriptionStatus,
  ListSubscriptions,
  ReceiveFormerStripeWebhook,
  ReceiveStripeWebhook,
} from '@quittance/contracts';
import { type AnswerOptions, handle, ok, type Route } from '@quittance/http';
import { platformFail, type Principal } from '@quittance/kernel';
import { type z } from 'zod';

import { type CallService } from '../application/index.ts';
import { callContract } from './call-contract.ts';
import { type ForwardDeps, forwardFormerRoute } from './forward-route.ts';

type Wish = Awaited<z.output<Exclude<typeof CreateFormerCheckout.body, string>>>;
type Session = z.output<typeof ApiCheckoutSession>;
type Subscription = z.output<typeof ApiSubscription>;

/** The product whose tiers the former API sold: Free, Pro and Enterprise. */
const PRODUCT = 'automation';
const CURRENCY = 'USD';
const INTERVALS = { monthly: 'month', yearly: 'year' } as const;
/** A custom cycle has no word there. */
const toFormerInterval = (interval: Subscription['interval']): 'monthly' | 'yearly' | null => {
  if (interval === 'month') return 'monthly';
  return interval === 'year' ? 'yearly' : null;
};

/** RFC 9745: since 2026-01-01; the successor is linked. */
const deprecated = (successor: string): AnswerOptions => ({
  headers: { deprecation: '@1767225600', link: `<${successor}>; rel="successor-version"` },
});

export interface CompatibilityDeps extends ForwardDeps {
  readonly publicUrl: string | null;
}

/** The routes of the former billing API, for the caller’s own account only. */
export const compatibilityRoutes = (deps: CompatibilityDeps): readonly Route[] => [
  handle(CreateFormerAppCheckout, async ({ body, principal, request }) =>
    ok(await checkOut(deps, body, { principal, requestId: request.id }), deprecated(CreateCheckoutSession.path)),
  ),
  handle(CreateFormerCheckout, async ({ body, principal, request }) =>
    ok(await checkOut(deps, body, { principal, requestId: request.id }), deprecated(CreateCheckoutSession.path)),
  ),
  forwardFormerRoute(ReceiveFormerStripeWebhook, ReceiveStripeWebhook, deps),
  handle(GetSubscriptionStatus, async ({ principal, request }) => {
    const call = { principal, requestId: request.id, query: { limit: '100' } };
    const { data } = await callContract(deps.callService, ListSubscriptions, call);
    return ok(toFormerStatus(current(data)), deprecated('/v1/billing'));
  }),
];

interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
}

const checkOut = async (deps: CompatibilityDeps, wish: Wish, caller: Caller) => {
  const urls = returnUrls(wish, deps.publicUrl);
  const body = {
    planId: await planIdOf(deps.callService, wish.plan),
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

const planIdOf = async (callService: CallService, key: string) => {
  const query = { product: PRODUCT, currency: CURRENCY };
  const { products } = await callContract(callService, GetPricing, { principal: null, requestId: null, query });
  const plan = products.find((product) => product.key === PRODUCT)?.plans.find((candidate) => candidate.key === key);
  if (plan === undefined) throw platformFail('platform.not_found', `There is no plan ${key} on sale.`);
  return plan.planId;
};

const returnUrls = (wish: Wish, publicUrl: string | null) => {
  const page = (name: string) => (publicUrl === null ? undefined : `${publicUrl}${name}?session={CHECKOUT_SESSION_ID}`);
  const successUrl = wish.successUrl ?? page('/checkout/return');
  const cancelUrl = wish.cancelUrl ?? page('/checkout/cancelled');
  if (successUrl !== undefined && cancelUrl !== undefined) return { successUrl, cancelUrl };
  const issues = [{ path: 'body.successUrl', problem: 'is needed here, and so is cancelUrl' }];
  throw platformFail('platform.invalid_request', 'Say where the browser goes afterwards.', { details: { issues } });
};

const LIVE = ['trialing', 'active', 'past_due', 'paused', 'suspended'];

/** The live one; else the last that was. A draft is a checkout, not a subscription. */
const current = (newestFirst: readonly Subscription[]): Subscription | null => {
  const had = newestFirst.filter(({ productKey, status }) => productKey === PRODUCT && status !== 'draft');
  const begun = had.filter(({ currentPeriod }) => currentPeriod !== null);
  return had.find(({ status }) => LIVE.includes(status)) ?? begun[0] ?? null;
};

const toFormerStatus = (subscription: Subscription | null) => ({
  status: subscription?.status ?? ('none' as const),
  tier: subscription?.planKey ?? null,
  plan: subscription?.planName ?? null,
  interval: subscription === null ? null : toFormerInterval(subscription.interval),
  subscriptionId: subscription?.id ?? null,
  currentPeriodStart: subscription?.currentPeriod?.start ?? null,
  currentPeriodEnd: subscription?.currentPeriod?.end ?? null,
  cancelAtPeriodEnd: subscription !== null && endsWithPeriod(subscription),
});

const endsWithPeriod = ({ status, currentPeriod, nextCharge }: Subscription): boolean =>
  LIVE.includes(status) && nextCharge === null && (currentPeriod?.end ?? null) !== null;

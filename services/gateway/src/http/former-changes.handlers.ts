import { createHash } from 'node:crypto';

import {
  type ApiSubscriptionChange,
  ChangeSubscription,
  DowngradeFormerSubscription,
  GetCheckoutSession,
  ListSubscriptionChanges,
  ListSubscriptions,
  UpgradeFormerSubscription,
} from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';
import { platformFail } from '@quittance/kernel';
import { type z } from 'zod';

import { gatewayFail } from '../domain/errors.ts';
import { type FormerDirection, goesAgainst } from '../domain/former-direction.ts';
import { callContract } from './call-contract.ts';
import {
  type Caller,
  type CompatibilityDeps,
  current,
  deprecated,
  INTERVALS,
  returnUrls,
  type Subscription,
  tierCalled,
  tiersOf,
} from './former-words.ts';

type Change = z.output<typeof ApiSubscriptionChange>;

/** Upgrade and downgrade of the former billing API: a change of the caller’s own subscription. */
export const formerChangeRoutes = (deps: CompatibilityDeps): readonly Route[] => [
  handle(UpgradeFormerSubscription, async ({ body, principal, request }) => {
    const wish = { plan: body.plan, ...intervalOf(body), ...returnUrls(body, deps.publicUrl) };
    const caller = { principal, requestId: request.id };
    return ok(await change(deps, wish, { ...caller, direction: 'upgrade' }), deprecated(ChangeSubscription.path));
  }),
  handle(DowngradeFormerSubscription, async ({ body, principal, request }) => {
    const wish = { plan: body.plan, ...intervalOf(body) };
    const caller = { principal, requestId: request.id };
    return ok(await change(deps, wish, { ...caller, direction: 'downgrade' }), deprecated(ChangeSubscription.path));
  }),
];

const intervalOf = ({ interval }: { readonly interval?: keyof typeof INTERVALS | undefined }) =>
  interval === undefined ? {} : { interval: INTERVALS[interval] };

interface FormerWish {
  readonly plan: string;
  readonly interval?: 'month' | 'year';
  readonly successUrl?: string;
  readonly cancelUrl?: string;
}

const change = async (
  deps: CompatibilityDeps,
  { plan, ...wish }: FormerWish,
  { direction, ...caller }: Caller & { readonly direction: FormerDirection },
) => {
  const { data } = await callContract(deps.callService, ListSubscriptions, { ...caller, query: { limit: '100' } });
  const subscription = current(data);
  if (subscription === null) throw platformFail('platform.not_found', 'The account has no subscription to change.');
  const planId = await wantedPlan(deps, subscription, { direction, plan, interval: wish.interval });
  const body = { planId, ...wish };
  const { data: made } = await callContract(deps.callService, ListSubscriptionChanges, {
    ...caller,
    params: { id: subscription.id },
    query: { limit: '100' },
  });
  // Scheduling it has moved the subscription's version, and nothing but the change itself tells that it was asked.
  const interval = wish.interval ?? subscription.interval;
  const scheduled = made.find(
    (one) => one.status === 'scheduled' && one.planId === planId && one.interval === interval,
  );
  if (scheduled !== undefined) return toFormerChange(scheduled, null);
  return commit(deps, { standing: standingOf(subscription, made), id: subscription.id, body, caller, before: made });
};

interface Asked {
  readonly id: string;
  readonly standing: readonly unknown[];
  readonly body: { readonly planId: string } & Omit<FormerWish, 'plan'>;
  readonly caller: Caller;
  /** The changes there were. */
  readonly before: readonly Change[];
}

/**
 * What a wish is measured against: as long as none of this moves, the same wish is the same change. Its version is no
 * part of it, because a change that waits for its payment moves that too.
 */
const standingOf = (
  { accountId, id, status, planVersionId, interval, currentPeriod }: Subscription,
  changes: readonly Change[],
): readonly unknown[] => {
  const applied = changes.find((one) => one.status === 'applied')?.id ?? null;
  return [accountId, id, status, planVersionId, interval, currentPeriod?.start ?? null, applied];
};

/** So often a page may expire or give way unpaid while the subscription stands as it did, for a day. */
const PAGES_MAX = 20;

/**
 * The same wish for a subscription that stands as it did is the same change, however often a client asks again. Where
 * its page has ended unpaid, asking again is the next change, and that one is the same from then on.
 */
const commit = async (deps: CompatibilityDeps, { id, standing, body, caller, before }: Asked) => {
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const meaning = JSON.stringify([...standing, body, page]);
    const headers = { 'idempotency-key': `former-${createHash('sha256').update(meaning).digest('base64url')}` };
    const call = { ...caller, params: { id }, body, headers };
    const { change: made, checkout } = await callContract(deps.callService, ChangeSubscription, call);
    if (made.status !== 'awaiting_payment' || checkout === null) return toFormerChange(made, null);
    const url = await whereToPay(deps, checkout.id, caller);
    if (url !== null) return toFormerChange(made, url);
    if (!before.some((one) => one.id === made.id))
      throw platformFail('platform.unavailable', 'No payment page could be opened; ask again.');
  }
  throw platformFail('platform.version_conflict', 'Too many pages for this change ended unpaid; ask again tomorrow.');
};

const toFormerChange = ({ id, status, effectiveAt }: Change, url: string | null) => {
  if (status === 'awaiting_payment' || status === 'scheduled' || status === 'applied')
    return { url, changeId: id, status, effectiveAt };
  throw platformFail('platform.version_conflict', `Change ${id} gave way to a newer one.`);
};

/** Read afresh, because an answer that is given again says where the page was. Null: nobody can pay there any more. */
const whereToPay = async (deps: CompatibilityDeps, id: string, caller: Caller): Promise<string | null> => {
  const read = (query: { readonly wait?: '5s' }) =>
    callContract(deps.callService, GetCheckoutSession, { ...caller, params: { id }, query });
  const first = await read({});
  const session = first.status === 'opening' ? await read({ wait: '5s' }) : first;
  if (session.status === 'opening') {
    throw platformFail('platform.unavailable', 'The payment page is not ready yet; the same request again finds it.');
  }
  return session.status === 'open' ? session.payUrl : null;
};

const wantedPlan = async (
  deps: CompatibilityDeps,
  subscription: Subscription,
  wish: { readonly direction: FormerDirection; readonly plan: string; readonly interval: string | undefined },
) => {
  const tiers = await tiersOf(deps.callService);
  const wanted = tierCalled(tiers, wish.plan);
  const from = {
    rank: tiers.find(({ key }) => key === subscription.planKey)?.rank ?? null,
    interval: subscription.interval,
  };
  const to = { rank: wanted.rank, interval: wish.interval ?? subscription.interval };
  if (!goesAgainst(wish.direction, from, to)) return wanted.planId;
  throw gatewayFail(
    wish.direction === 'upgrade' ? 'gateway.not_an_upgrade' : 'gateway.not_a_downgrade',
    `The subscription has ${subscription.planKey} by the ${from.interval}; ${wish.plan} by the ${to.interval} is no ${wish.direction}.`,
  );
};

import {
  ChangeSubscription,
  DowngradeFormerSubscription,
  ListSubscriptions,
  UpgradeFormerSubscription,
} from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';
import { platformFail } from '@quittance/kernel';

import { callContract } from './call-contract.ts';
import {
  type Caller,
  type CompatibilityDeps,
  current,
  deprecated,
  INTERVALS,
  planIdOf,
  returnUrls,
} from './former-words.ts';

/** Upgrade and downgrade of the former billing API: a change of the caller’s own subscription. */
export const formerChangeRoutes = (deps: CompatibilityDeps): readonly Route[] => [
  handle(UpgradeFormerSubscription, async ({ body, principal, request }) => {
    const wish = { plan: body.plan, interval: INTERVALS[body.interval], ...returnUrls(body, deps.publicUrl) };
    return ok(await change(deps, wish, { principal, requestId: request.id }), deprecated(ChangeSubscription.path));
  }),
  handle(DowngradeFormerSubscription, async ({ body, principal, request }) => {
    const interval = body.interval === undefined ? {} : { interval: INTERVALS[body.interval] };
    const wish = { plan: body.plan, ...interval };
    return ok(await change(deps, wish, { principal, requestId: request.id }), deprecated(ChangeSubscription.path));
  }),
];

interface FormerWish {
  readonly plan: string;
  readonly interval?: 'month' | 'year';
  readonly successUrl?: string;
  readonly cancelUrl?: string;
}

const change = async (deps: CompatibilityDeps, { plan, ...wish }: FormerWish, caller: Caller) => {
  const { data } = await callContract(deps.callService, ListSubscriptions, { ...caller, query: { limit: '100' } });
  const subscription = current(data);
  if (subscription === null) throw platformFail('platform.not_found', 'The account has no subscription to change.');
  const committed = await callContract(deps.callService, ChangeSubscription, {
    ...caller,
    params: { id: subscription.id },
    body: { planId: await planIdOf(deps.callService, plan), ...wish },
    headers: { 'idempotency-key': `former-${caller.requestId}` },
  });
  const { id, status, effectiveAt } = committed.change;
  const url = committed.checkout?.payUrl ?? null;
  if (status === 'awaiting_payment' && url === null) {
    throw platformFail('platform.unavailable', 'The payment page is not ready yet; the same request again finds it.');
  }
  if (status !== 'awaiting_payment' && status !== 'scheduled' && status !== 'applied') {
    throw platformFail('platform.version_conflict', `Change ${id} gave way to a newer one.`);
  }
  return { url, changeId: id, status, effectiveAt };
};

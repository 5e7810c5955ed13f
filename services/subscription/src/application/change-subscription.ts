import { type AccountScope, findInScope, type Id, type NewId } from '@quittance/kernel';

import { afterwards } from '../domain/apply-target.ts';
import { type ChangeWish } from '../domain/change-wish.ts';
import { type PlannedChange, type SubscriptionChange } from '../domain/change.ts';
import { type Checkout } from '../domain/checkout.ts';
import { type ChangeDecision, type CollectWish, type CommitFacts, decideChange } from '../domain/decide-change.ts';
import { subscriptionFail } from '../domain/errors.ts';
import { entitlementsOf } from '../domain/merge-entitlements.ts';
import { planChange } from '../domain/plan-change.ts';
import { type Subscription } from '../domain/subscription.ts';
import { couponWrites, releaseCoupon } from './claim-coupon.ts';
import { type CouponClaims } from './coupon-ports.ts';
import { findOpenCheckout } from './find-open-checkout.ts';
import { gatherChange, type GatherChangeDeps } from './gather-change.ts';
import { type NextVersion, type Subscriptions, type SubscriptionUnitOfWork } from './ports.ts';
import { supersedeWrites } from './supersede-writes.ts';

interface Deps extends GatherChangeDeps {
  readonly subscriptions: Subscriptions;
  readonly couponClaims: CouponClaims;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

/** What a preview was made from: a commit that brings it gets exactly what was shown, or is refused. */
export interface Quote {
  readonly at: Date;
  readonly version: number;
}

export interface ChangeRequest {
  readonly subscriptionId: Id<'sub'>;
  readonly wish: ChangeWish;
  readonly byOperator: boolean;
  readonly quote: Quote | null;
}

export interface ChangePreview {
  readonly before: Subscription;
  readonly planned: PlannedChange;
  /** As it will be when the change has taken effect. */
  readonly after: Subscription;
  readonly country: string | null;
  readonly quote: Quote;
}

export interface CommittedChange {
  readonly change: SubscriptionChange;
  readonly subscription: Subscription;
  readonly checkoutId: Id<'chk'> | null;
}

export type ChangeSubscription = ReturnType<typeof makeChangeSubscription>;

/** Preview and commit of every change: one path, and the preview stops before anything is written. */
export const makeChangeSubscription = (deps: Deps) => ({
  preview: async (scope: AccountScope, request: ChangeRequest): Promise<ChangePreview> => {
    const { before, planned, facts } = await think(deps, scope, request);
    return {
      before,
      planned,
      after: afterwards(before, planned),
      country: facts.country,
      quote: { at: facts.at, version: before.version },
    };
  },

  /** `ids.change` is reserved by the idempotency key: the same request after a crash finds what the first one did. */
  commit: async (
    scope: AccountScope,
    request: ChangeRequest & { readonly collect: CollectWish | null; readonly reason: string | null },
    ids: CommitFacts['ids'],
  ): Promise<CommittedChange> => {
    const done = await deps.changes.find(scope, ids.change);
    if (done !== null) return committed(deps, done);
    const { before, planned, facts } = await think(deps, scope, request);
    const [scheduled, open, highest] = await Promise.all([
      deps.changes.findScheduled(before.id),
      findOpenCheckout(deps, before.accountId, before.productId),
      deps.subscriptions.highestVersion(before.accountId, before.productId),
    ]);
    const commitFacts: CommitFacts = {
      planned,
      subscription: before,
      scheduled,
      open,
      collect: request.collect,
      country: facts.country,
      reason: request.reason,
      entitlements: entitlementsOf(planned.target.items, facts.versions),
      ids,
      now: deps.clock.now(),
      version: deps.nextVersion(highest),
    };
    const decision = decideChange(commitFacts);
    await apply(deps, commitFacts, decision);
    return {
      change: decision.change,
      subscription: decision.subscription ?? before,
      checkoutId: decision.checkout?.id ?? null,
    };
  },
});

const think = async (deps: Deps, scope: AccountScope, request: ChangeRequest) => {
  const { subscriptionId, quote } = request;
  const before = await findInScope(
    scope,
    (reach) => deps.subscriptions.find(reach, subscriptionId),
    `There is no subscription ${subscriptionId} of this account.`,
  );
  const at = quote === null ? deps.clock.now() : instantOf(quote, before, deps.clock.now());
  const facts = await gatherChange(deps, before, { ...request, at });
  return { before, planned: planChange(facts), facts };
};

/** A preview holds for a quarter of an hour, and for the subscription it was made of. */
const QUOTE_MS_MAX = 15 * 60 * 1000;

const instantOf = (quote: Quote, subscription: Subscription, now: Date): Date => {
  const ageMs = now.getTime() - quote.at.getTime();
  if (quote.version === subscription.version && ageMs >= 0 && ageMs <= QUOTE_MS_MAX) return quote.at;
  throw subscriptionFail(
    'subscription.quote_stale',
    quote.version === subscription.version
      ? `The preview of ${quote.at.toISOString()} is too old.`
      : `Subscription ${subscription.id} has changed since the preview.`,
  );
};

const committed = async (deps: Deps, change: SubscriptionChange): Promise<CommittedChange> => ({
  change,
  subscription: await findInScope(
    { account: change.accountId },
    (reach) => deps.subscriptions.find(reach, change.subscriptionId),
    `There is no subscription ${change.subscriptionId}.`,
  ),
  checkoutId: change.checkoutId,
});

const apply = async (deps: Deps, facts: CommitFacts, decision: ChangeDecision): Promise<void> => {
  const { change, subscription, checkout, replaced, superseded } = decision;
  const released =
    facts.open && superseded
      ? await releaseCoupon(deps, facts.open.checkout.id, 'Its checkout was superseded.')
      : { writes: [], messages: [] };
  await deps.unitOfWork.commit({
    writes: [
      // Places are freed before they are taken: one open checkout, one scheduled change, one awaiting payment.
      ...supersedeWrites(deps, facts.open, superseded),
      ...released.writes,
      ...(replaced && facts.scheduled ? [deps.changes.update(replaced, facts.scheduled.version)] : []),
      deps.changes.insert(change),
      ...(subscription ? [deps.subscriptions.update(subscription, facts.subscription.version)] : []),
      ...(change.status === 'applied' ? couponWrites(deps, facts.planned.coupon) : []),
      ...(checkout ? [deps.checkouts.insert(checkout)] : []),
    ],
    messages: [...decision.messages, ...released.messages],
    audit: decision.audit,
    correlationId: correlationOf(change, checkout),
  });
};

/** A purchase’s correlation is its checkout; a change without one is its own. */
const correlationOf = (change: SubscriptionChange, checkout: Checkout | null): string => checkout?.id ?? change.id;

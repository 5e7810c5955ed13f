import { type AccountScope, findInScope, type Id, isDomainError, type NewId } from '@quittance/kernel';

import { afterwards } from '../domain/apply-target.ts';
import { type ChangeFacts } from '../domain/change-outcomes.ts';
import { type ChangeWish } from '../domain/change-wish.ts';
import { type PlannedChange, type SubscriptionChange } from '../domain/change.ts';
import { type Checkout } from '../domain/checkout.ts';
import { type ChangeDecision, type CollectWish, type CommitFacts, decideChange } from '../domain/decide-change.ts';
import { subscriptionFail } from '../domain/errors.ts';
import { entitlementsOf } from '../domain/merge-entitlements.ts';
import { planChange } from '../domain/plan-change.ts';
import { instantOfQuote, offerOf, type Quote, refuseOtherOffer } from '../domain/quote.ts';
import { priceOfItems, type Subscription } from '../domain/subscription.ts';
import { couponWrites, holdForCoupon, releaseCoupon } from './claim-coupon.ts';
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
  /** Short, and another one for another text. */
  readonly digest: (text: string) => string;
}

export interface ChangeRequest {
  readonly subscriptionId: Id<'sub'>;
  readonly wish: ChangeWish;
  readonly byOperator: boolean;
  readonly quote: Quote | null;
}

export interface CommitRequest extends ChangeRequest {
  readonly collect: CollectWish | null;
  readonly reason: string | null;
  /** The version the caller has seen; null: whichever it is when the request comes. */
  readonly expectedVersion: number | null;
}

export interface ChangePreview {
  readonly before: Subscription;
  readonly planned: PlannedChange;
  /** As it will be when the change has taken effect. */
  readonly after: Subscription;
  readonly country: string | null;
  /** The scheduled change that will not happen. */
  readonly replaced: SubscriptionChange | null;
  /** The open checkout that can no longer be paid. */
  readonly supersededCheckoutId: Id<'chk'> | null;
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
    const before = await find(deps, scope, request.subscriptionId);
    const { planned, facts } = await think(deps, before, request);
    const { scheduled, open } = await findInItsWay(deps, before);
    return {
      before,
      planned,
      after: afterwards(before, planned),
      country: facts.country,
      replaced: scheduled,
      supersededCheckoutId: open?.checkout.id ?? null,
      quote: { at: facts.at, version: before.version, offer: deps.digest(offerOf(planned)) },
    };
  },

  /** A change that was committed, as it stands now. */
  read: async (scope: AccountScope, id: Id<'chg'>): Promise<CommittedChange> => {
    const missing = `There is no change ${id} of this account.`;
    return committed(deps, await findInScope(scope, (reach) => deps.changes.find(reach, id), missing));
  },

  /** `ids.change` is reserved by the idempotency key: the same request after a crash finds what the first one did. */
  commit: async (scope: AccountScope, request: CommitRequest, ids: CommitFacts['ids']): Promise<CommittedChange> => {
    let seen = request.expectedVersion;
    for (let made = 1; ; made += 1) {
      const done = await deps.changes.find(scope, ids.change);
      if (done !== null) return committed(deps, done);
      const before = await find(deps, scope, request.subscriptionId);
      seen ??= before.version;
      if (before.version !== seen || made > ATTEMPTS_MAX) throw changedMeanwhile(before, seen);
      try {
        return await commitOnce(deps, before, { request, ids });
      } catch (error) {
        if (!isDomainError(error) || error.code !== 'platform.version_conflict') throw error;
      }
    }
  },
});

/** Its checkout may have moved on by itself, and is then tried again; the subscription must be as this request found it. */
const ATTEMPTS_MAX = 3;

const changedMeanwhile = ({ id, version }: Subscription, seen: number): Error =>
  subscriptionFail(
    'subscription.changed_meanwhile',
    `Subscription ${id} was at version ${seen} when this change was asked for, and is at ${version} now.`,
    { details: { version } },
  );

const commitOnce = async (
  deps: Deps,
  before: Subscription,
  { request, ids }: { readonly request: CommitRequest; readonly ids: CommitFacts['ids'] },
): Promise<CommittedChange> => {
  const { planned, facts } = await think(deps, before, request);
  const [{ scheduled, open }, highest] = await Promise.all([
    findInItsWay(deps, before),
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
  await apply(deps, { ...commitFacts, newCoupon: facts.newCoupon }, decision);
  return { change: decision.change, subscription: decision.subscription, checkoutId: decision.checkout?.id ?? null };
};

/** What a change takes the place of. */
const findInItsWay = async (deps: Deps, { id, accountId, productId }: Subscription) => {
  const [scheduled, open] = await Promise.all([
    deps.changes.findScheduled(id),
    findOpenCheckout(deps, accountId, productId),
  ]);
  return { scheduled, open };
};

const find = (deps: Deps, scope: AccountScope, id: Id<'sub'>): Promise<Subscription> =>
  findInScope(scope, (reach) => deps.subscriptions.find(reach, id), `There is no subscription ${id} of this account.`);

const think = async (deps: Deps, before: Subscription, request: ChangeRequest) => {
  const { quote } = request;
  const at = quote === null ? deps.clock.now() : instantOfQuote(quote, before, deps.clock.now());
  const facts = await gatherChange(deps, before, { ...request, at });
  const planned = planChange(facts);
  if (quote !== null) refuseOtherOffer(quote, deps.digest(offerOf(planned)), before);
  return { planned, facts };
};

const committed = async (deps: Deps, change: SubscriptionChange): Promise<CommittedChange> => ({
  change,
  subscription: await find(deps, { account: change.accountId }, change.subscriptionId),
  checkoutId: change.checkoutId,
});

const apply = async (
  deps: Deps,
  facts: CommitFacts & Pick<ChangeFacts, 'newCoupon'>,
  decision: ChangeDecision,
): Promise<void> => {
  const { change, subscription, checkout, replaced, superseded } = decision;
  const released =
    facts.open && superseded
      ? await releaseCoupon(deps, facts.open.checkout.id, 'Its checkout was superseded.')
      : { writes: [], messages: [] };
  const { items, planId } = change.target;
  const price = priceOfItems(items, change.charge.currency);
  const held = holdForCoupon(deps.couponClaims, facts.newCoupon, {
    checkout,
    planId,
    price,
    messages: decision.messages,
  });
  await deps.unitOfWork.commit({
    writes: [
      // Places are freed before they are taken: one open checkout, one scheduled change, one awaiting payment.
      ...supersedeWrites(deps, facts.open, superseded),
      ...released.writes,
      ...(replaced && facts.scheduled ? [deps.changes.update(replaced, facts.scheduled.version)] : []),
      deps.changes.insert(change),
      // Two changes at once were decided on one version: whoever comes second finds another.
      deps.subscriptions.update(subscription, facts.subscription.version),
      ...(change.status === 'applied' ? couponWrites(deps, facts.planned.coupon) : []),
      ...(checkout ? [deps.checkouts.insert(checkout)] : []),
      ...held.writes,
    ],
    messages: [...held.messages, ...released.messages],
    audit: decision.audit,
    correlationId: correlationOf(change, checkout),
  });
};

/** A purchase’s correlation is its checkout; a change without one is its own. */
const correlationOf = (change: SubscriptionChange, checkout: Checkout | null): string => checkout?.id ?? change.id;

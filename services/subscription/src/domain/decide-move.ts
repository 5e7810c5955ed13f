import { type AuditEntry, type Id, isDomainError, must } from '@quittance/kernel';
import { equals, type Money } from '@quittance/money';

import { afterwards } from './apply-target.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { basisOf, type PlannedChange, type SubscriptionChange } from './change.ts';
import { type ChangeDecision, decideChange } from './decide-change.ts';
import { subscriptionFail } from './errors.ts';
import { entitlementsOf } from './merge-entitlements.ts';
import { planChange } from './plan-change.ts';
import { type MoveEffect, type MoveRefusal, notMovedEntry, type PlanMoveRow } from './plan-move.ts';
import { wishedPlan } from './resolve-items.ts';
import { nextChargeOf, priceOfItems, type Subscription } from './subscription.ts';

export interface MoveFacts {
  /** As it is. */
  readonly subscription: Subscription;
  /** A move of something else it has, which waits for its day: this one builds on it and takes its place. */
  readonly earlierMove: SubscriptionChange | null;
  /** Of the subscription as `movedBy` the earlier move. */
  readonly change: ChangeFacts;
  /** Another change waits for its payment or for its day, and is no move. */
  readonly pending: boolean;
}

/**
 * A subscription as it will be by a move that waits already. Of several plans that are published together each is moved
 * by itself; with one scheduled change at a time, the second would have to wait for the first one's day, or end it.
 */
export const movedBy = (earlier: SubscriptionChange | null, subscription: Subscription): Subscription => {
  if (earlier === null) return subscription;
  const { planVersionId, planKey, planName, items } = earlier.target;
  const price = priceOfItems(items, subscription.price.currency);
  return { ...subscription, planVersionId, planKey, planName, items, price };
};

/** One subscription of a preview: what moving it does, or why it cannot be moved. */
export const previewMove = (moveId: Id<'mov'>, facts: MoveFacts): PlanMoveRow => {
  const { subscription } = facts;
  const thought = think(facts);
  return {
    moveId,
    subscriptionId: subscription.id,
    accountId: subscription.accountId,
    subscriptionVersion: subscription.version,
    ...movedOf(subscription, facts.change),
    priceBefore: subscription.price,
    changeId: null,
    settledAt: null,
    ...('refusal' in thought
      ? { status: 'not_moved', effect: null, refusal: thought.refusal }
      : { status: 'planned', effect: thought.effect, refusal: null }),
  };
};

const movedOf = (subscription: Subscription, { wish }: ChangeFacts): Pick<PlanMoveRow, 'role' | 'fromVersionId'> => {
  if (wish.newestAddition === null) return { role: 'plan', fromVersionId: subscription.planVersionId };
  const addition = subscription.items.slice(1).find(({ planId }) => planId === wish.newestAddition);
  return {
    role: 'addition',
    fromVersionId: must(addition?.planVersionId, `${wish.newestAddition} in ${subscription.id}`),
  };
};

export interface MoveMoment {
  readonly reason: string | null;
  readonly ids: { readonly change: Id<'chg'>; readonly checkout: Id<'chk'> };
  readonly now: Date;
  readonly version: number;
}

export interface MoveDecision {
  readonly row: PlanMoveRow;
  /** Null where it is not moved. */
  readonly change: ChangeDecision | null;
  readonly audit: readonly AuditEntry[];
}

/** Exactly what was previewed happens, or nothing does, with the reason. */
export const decideMove = (row: PlanMoveRow, facts: MoveFacts, moment: MoveMoment): MoveDecision => {
  const thought = row.subscriptionVersion === facts.subscription.version ? think(facts) : outdated(row);
  if ('refusal' in thought) return notMoved(row, thought.refusal, moment.now);
  if (!sameEffect(row.effect, thought)) return notMoved(row, outdated(row).refusal, moment.now);
  const { change: changeFacts } = facts;
  const change = decideChange({
    planned: thought.planned,
    subscription: facts.subscription,
    scheduled: facts.earlierMove,
    open: null,
    collect: null,
    country: changeFacts.country,
    entitlements: entitlementsOf(thought.planned.target.items, changeFacts.versions),
    ...moment,
  });
  const moved: PlanMoveRow = { ...row, status: 'moved', changeId: change.change.id, settledAt: moment.now };
  return { row: moved, change, audit: change.audit };
};

/** It could not be worked on at all: told like every other that is not moved, and not tried again by itself. */
export const failMove = (row: PlanMoveRow, error: Error, now: Date): MoveDecision => {
  const message = `Moving ${row.subscriptionId} failed: ${error.message.slice(0, 500)}`;
  return notMoved(row, { code: 'subscription.move_failed', message }, now);
};

type Thought = { readonly planned: PlannedChange; readonly effect: MoveEffect } | { readonly refusal: MoveRefusal };

const think = (facts: MoveFacts): Thought => {
  try {
    refuseUnmovable(facts);
    const planned = planChange(facts.change);
    const target = { ...planned.target, basedOn: basisOf(facts.subscription) };
    return { planned: { ...planned, target }, effect: effectOf(facts.subscription, planned) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { refusal: { code: error.code, message: error.message } };
  }
};

/** What somebody decided about their own subscription is not decided anew for everybody at once. */
const refuseUnmovable = ({ subscription, change, pending }: MoveFacts): void => {
  if (subscription.cancelAtPeriodEnd) {
    throw subscriptionFail('subscription.ends_with_period', `Subscription ${subscription.id} ends with its period.`);
  }
  if (pending) throw subscriptionFail('subscription.change_pending', `Another change of ${subscription.id} waits.`);
  const { planVersionId } = wishedPlan(change);
  if (!change.subscription.items.some((item) => item.planVersionId === planVersionId)) return;
  throw subscriptionFail('subscription.change_pending', `${subscription.id} moves to ${planVersionId} already.`);
};

const effectOf = (before: Subscription, planned: PlannedChange): MoveEffect => {
  const after = afterwards(before, planned);
  return {
    effectiveAt: planned.effectiveAt,
    priceAfter: after.price,
    chargeBefore: chargeOf(before),
    chargeAfter: chargeOf(after),
    withTax: nextChargeOf(before)?.withTax ?? false,
  };
};

const chargeOf = (subscription: Subscription): Money | null => nextChargeOf(subscription)?.amount ?? null;

/** What takes effect at once does so whenever it is done. */
const sameEffect = (then: MoveEffect | null, now: { planned: PlannedChange; effect: MoveEffect }): boolean =>
  then !== null &&
  equals(then.priceAfter, now.effect.priceAfter) &&
  sameCharge(then.chargeAfter, now.effect.chargeAfter) &&
  (!now.planned.scheduled || then.effectiveAt.getTime() === now.effect.effectiveAt.getTime());

const sameCharge = (one: Money | null, other: Money | null): boolean =>
  one === null || other === null ? one === other : equals(one, other);

const outdated = ({ subscriptionId }: PlanMoveRow): { readonly refusal: MoveRefusal } => ({
  refusal: {
    code: 'subscription.quote_stale',
    message: `Subscription ${subscriptionId}, or what moving it would do, has changed since the preview.`,
  },
});

const notMoved = (row: PlanMoveRow, refusal: MoveRefusal, now: Date): MoveDecision => ({
  row: { ...row, status: 'not_moved', refusal, settledAt: now },
  change: null,
  audit: [notMovedEntry(row, refusal)],
});

import { subscriptionFail } from './errors.ts';
import { SUBSCRIPTION_TRANSITIONS, type SubscriptionStatus, type SubscriptionTrigger } from './subscription-status.ts';

/** What can have happened elsewhere; giving up a checkout or being replaced are our own doings. */
const ELSEWHERE = [
  'activate',
  'begin_trial',
  'renew',
  'miss_payment',
  'pause',
  'resume',
  'suspend',
  'reinstate',
  'cancel',
] as const satisfies readonly SubscriptionTrigger[];

/**
 * The shortest way through the table of transitions from one status to another, for a subscription whose life is lived
 * elsewhere and of which only the present status is told.
 * @throws subscription.illegal_transition when there is none.
 */
export const pathTo = (from: SubscriptionStatus, to: SubscriptionStatus): readonly SubscriptionTrigger[] => {
  const seen = new Set<SubscriptionStatus>([from]);
  let ways: readonly Way[] = [{ at: from, triggers: [] }];
  while (ways.length > 0) {
    const there = ways.find(({ at }) => at === to);
    if (there !== undefined) return there.triggers;
    ways = ways.flatMap((way) => stepsFrom(way, seen));
  }
  throw subscriptionFail('subscription.illegal_transition', `A subscription that is ${from} cannot become ${to}.`, {
    details: { status: from, wanted: to },
  });
};

interface Way {
  readonly at: SubscriptionStatus;
  readonly triggers: readonly SubscriptionTrigger[];
}

const stepsFrom = ({ at, triggers }: Way, seen: Set<SubscriptionStatus>): readonly Way[] =>
  ELSEWHERE.flatMap((trigger) => {
    const next = SUBSCRIPTION_TRANSITIONS[at][trigger];
    if (next === '-' || seen.has(next)) return [];
    seen.add(next);
    return [{ at: next, triggers: [...triggers, trigger] }];
  });

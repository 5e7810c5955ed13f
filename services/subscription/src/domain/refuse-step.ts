import { subscriptionFail } from './errors.ts';
import { type LifeStep } from './life-step.ts';
import { type Subscription } from './subscription.ts';

/** Steps that are no question of status: where it is renewed elsewhere, and while a renewal is being collected. */
export const refuseStep = (subscription: Subscription, step: LifeStep): void => {
  refuseManagedElsewhere(subscription, step);
  refuseWhileRenewing(subscription, step);
};

/**
 * Stripe goes on charging for what it renews, whatever is done here, and its next report would undo it. Only access is
 * ours: an operator can withhold it, and give it back.
 */
const refuseManagedElsewhere = ({ id, renewalOwner, suspendedBy }: Subscription, step: LifeStep): void => {
  if (renewalOwner === 'platform' || step.kind === 'suspend') return;
  if (step.kind === 'reinstate' && suspendedBy === 'operator') return;
  throw subscriptionFail(
    'subscription.managed_elsewhere',
    `Subscription ${id} is renewed by Stripe: ${step.kind} it there, and it follows here within seconds.`,
    { details: { renewalOwner, step: step.kind } },
  );
};

/**
 * The period is over and the card may be charged at this moment: there is no end of a period to wait for, and nothing to
 * stand still. Cancelling now is always possible; what has not been paid by then is given up.
 */
const refuseWhileRenewing = ({ id, status, renewingFrom }: Subscription, step: LifeStep): void => {
  if (status !== 'active' || renewingFrom === null) return;
  if (step.kind !== 'pause' && !(step.kind === 'cancel' && step.when === 'period_end')) return;
  throw subscriptionFail(
    'subscription.renewal_in_progress',
    `The period of ${id} from ${renewingFrom.toISOString()} is being collected; ${step.kind} it when that is settled.`,
    { details: { renewingFrom: renewingFrom.toISOString() } },
  );
};

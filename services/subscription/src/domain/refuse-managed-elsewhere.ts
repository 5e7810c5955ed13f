import { subscriptionFail } from './errors.ts';
import { type LifeStep } from './life-step.ts';
import { type Subscription } from './subscription.ts';

/**
 * Stripe goes on charging for what it renews, whatever is done here, and its next report would undo it. Only access is
 * ours: an operator can withhold it, and give it back.
 */
export const refuseManagedElsewhere = ({ id, renewalOwner, suspendedBy }: Subscription, step: LifeStep): void => {
  if (renewalOwner === 'platform' || step.kind === 'suspend') return;
  if (step.kind === 'reinstate' && suspendedBy === 'operator') return;
  throw subscriptionFail(
    'subscription.managed_elsewhere',
    `Subscription ${id} is renewed by Stripe: ${step.kind} it there, and it follows here within seconds.`,
    { details: { renewalOwner, step: step.kind } },
  );
};

import { type Clock, type NewId, type WallClock } from '@quittance/kernel';

import { type Subscription } from '../domain/subscription.ts';
import { type DueSubscriptions, type ParkedWork, type SubscriptionUnitOfWork, type Unreadable } from './ports.ts';
import { workApart } from './work-apart.ts';

export interface SetAsideDeps {
  readonly due: DueSubscriptions;
  readonly parkedWork: ParkedWork;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly newId: NewId;
}

/** It is tried again after this long, in case somebody has put it right. */
const SET_ASIDE_MS = 60 * 60 * 1000;

/**
 * Works on one of those that are due; what cannot be worked on is set aside for a person.
 * @throws what is not about this one, such as a database that is away.
 */
export const workOrSetAside = (
  deps: SetAsideDeps,
  subscription: Subscription,
  work: () => Promise<void>,
): Promise<void> =>
  workApart(work, {
    release: () => deps.due.release([subscription]),
    tell: (error) => setAside(deps, { id: subscription.id, error }, subscription.accountId),
  });

export const setAside = async (
  deps: SetAsideDeps,
  { id, error }: Unreadable,
  accountId: Subscription['accountId'] | null,
): Promise<void> => {
  const message =
    `What fell due for ${id} could not be done: ${error.message.slice(0, 500)} It is tried again every hour; put the ` +
    'subscription right, or cancel it.';
  const item = {
    id: deps.newId('att'),
    code: 'subscription.due_work_failed',
    message,
    subject: { type: 'subscription', id },
    accountId,
    correlationId: id,
    since: deps.clock.now(),
  };
  const until = new Date(deps.wallClock.nowMs() + SET_ASIDE_MS);
  await deps.unitOfWork.commit({
    writes: [deps.parkedWork.park(item), deps.due.postpone(id, until)],
    messages: [],
    audit: [],
    correlationId: id,
  });
};

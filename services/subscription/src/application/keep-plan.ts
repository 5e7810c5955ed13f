import { type Plan } from '../domain/plan.ts';
import { type Plans, type SubscriptionUnitOfWork } from './ports.ts';

interface Deps {
  readonly plans: Plans;
  readonly unitOfWork: SubscriptionUnitOfWork;
}

export type KeepPlan = ReturnType<typeof makeKeepPlan>;

/** Our own copy of what catalog sells; the higher message version wins, whatever the order. */
export const makeKeepPlan =
  ({ plans, unitOfWork }: Deps) =>
  (plan: Plan, messageVersion: number): Promise<void> =>
    // A projection records nobody's action: catalog recorded the publishing.
    unitOfWork.commit({ writes: [plans.store(plan, messageVersion)], messages: [], audit: [] });

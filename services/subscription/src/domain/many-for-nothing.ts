import { subscriptionFail } from './errors.ts';

/** Each one more would be its limits once more, for nothing. */
export const manyForNothing = (plan: string): Error =>
  subscriptionFail('subscription.free_once', `Plan ${plan} costs nothing: it is had once.`);

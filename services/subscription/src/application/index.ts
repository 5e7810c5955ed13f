export { type ActivateSubscription, makeActivateSubscription } from './activate-subscription.ts';
export { type Beat, makeBeat } from './beat.ts';
export { type BeginCheckout, makeBeginCheckout } from './begin-checkout.ts';
export { type KeepPlan, makeKeepPlan } from './keep-plan.ts';
export type { CheckoutWatch, Checkouts, NextVersion, ParkedWork, Plans, Subscriptions } from './ports.ts';
export { makeProgressCheckout, type ProgressCheckout } from './progress-checkout.ts';
export { type CheckoutView, makeReadCheckout, type ReadCheckout } from './read-checkout.ts';
export { makeReadSubscriptions, type ReadSubscriptions } from './read-subscriptions.ts';

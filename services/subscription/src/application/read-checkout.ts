import { type AccountScope, findInScope, type Id, must } from '@quittance/kernel';

import { isOver } from '../domain/checkout-status.ts';
import { type Checkout } from '../domain/checkout.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type Checkouts, type CheckoutWatch, type Subscriptions, type SubscriptionUnitOfWork } from './ports.ts';

interface Deps {
  readonly subscriptions: Subscriptions;
  readonly checkouts: Checkouts;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly watch: CheckoutWatch;
}

export interface CheckoutView {
  readonly checkout: Checkout;
  readonly subscription: Subscription;
}

export type ReadCheckout = ReturnType<typeof makeReadCheckout>;

/** A person waits at most this long; then they get a 202 and a place to look. */
const WAIT_MS_MAX = 5_000;

export const makeReadCheckout = (deps: Deps) => ({
  /** Waits until the checkout leaves the status it has now. */
  read: async (scope: AccountScope, id: Id<'chk'>, waitMs: number): Promise<CheckoutView> => {
    const { checkout } = await view(deps, scope, id);
    if (waitMs > 0 && !isOver(checkout.status)) {
      await deps.watch.until(id, (now) => now.status !== checkout.status, Math.min(waitMs, WAIT_MS_MAX));
    }
    return view(deps, scope, id);
  },

  /** Waits until there is something to pay, or nothing more to wait for. */
  untilPayable: async (scope: AccountScope, id: Id<'chk'>): Promise<CheckoutView> => {
    await deps.watch.until(id, (now) => now.status !== 'opening', WAIT_MS_MAX);
    return view(deps, scope, id);
  },

  /** Asks the provider now, and waits for what it says. */
  verify: async (scope: AccountScope, id: Id<'chk'>, requestId: string): Promise<CheckoutView> => {
    const { checkout } = await view(deps, scope, id);
    if (checkout.status === 'completed' || checkout.orderId === null) return view(deps, scope, id);
    await deps.unitOfWork.commit({
      writes: [],
      messages: [{ type: 'recheck_order', checkoutId: id, orderId: checkout.orderId, requestId }],
      audit: [],
      correlationId: id,
    });
    await deps.watch.until(id, (now) => now.status !== checkout.status, WAIT_MS_MAX);
    return view(deps, scope, id);
  },
});

const view = async (deps: Deps, scope: AccountScope, id: Id<'chk'>): Promise<CheckoutView> => {
  const missing = `There is no checkout ${id} of this account.`;
  const checkout = await findInScope(scope, (reach) => deps.checkouts.find(reach, id), missing);
  const subscription = await deps.subscriptions.find('every_account', checkout.subscriptionId);
  return { checkout, subscription: must(subscription, `subscription of checkout ${id}`) };
};

import { type Clock, type Id, platformFail, type Write } from '@quittance/kernel';

import { type Checkout, type CheckoutFailure, type DeclineReason, type DueNow } from '../domain/checkout.ts';
import { decideEnd, type Ending, reasonOf, withDecline, withInvoice, withOrder } from '../domain/decide-progress.ts';
import { releaseCoupon } from './claim-coupon.ts';
import { type CouponClaims } from './coupon-ports.ts';
import {
  type Changes,
  type Checkouts,
  type CheckoutWatch,
  type NextVersion,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';

interface Deps {
  readonly subscriptions: Subscriptions;
  readonly checkouts: Checkouts;
  readonly couponClaims: CouponClaims;
  readonly changes: Changes;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly watch: CheckoutWatch;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

export type ProgressCheckout = ReturnType<typeof makeProgressCheckout>;

/** What invoicing and the rail report while a customer is paying. Every order of these reports ends the same. */
export const makeProgressCheckout = (deps: Deps) => ({
  invoiceDrafted: (checkoutId: Id<'chk'>, invoiceId: Id<'inv'>, dueNow: DueNow): Promise<void> =>
    note(deps, checkoutId, (checkout) => withInvoice(checkout, invoiceId, dueNow)),

  orderOpened: (
    checkoutId: Id<'chk'>,
    order: { readonly id: Id<'ord'>; readonly payUrl: string; readonly payUntil: Date },
  ): Promise<void> => note(deps, checkoutId, (checkout) => withOrder(checkout, order)),

  attemptDeclined: (checkoutId: Id<'chk'>, reason: DeclineReason, at: Date): Promise<void> =>
    note(deps, checkoutId, (checkout) => withDecline(checkout, reason, at)),

  /** The rail refused the order for good. */
  orderFailed: (checkoutId: Id<'chk'>, failure: CheckoutFailure): Promise<void> =>
    end(deps, checkoutId, { trigger: 'fail', failure }),

  /** Catalog has no use of the coupon left: nothing was asked for yet. */
  couponRefused: (checkoutId: Id<'chk'>, failure: CheckoutFailure, refused: Write): Promise<void> =>
    end(deps, checkoutId, { trigger: 'fail', failure, also: refused }),

  /** The draft invoice was given up: nothing can be paid any more. */
  invoiceVoided: (checkoutId: Id<'chk'>, reason: string): Promise<void> =>
    end(deps, checkoutId, { trigger: 'lapse', reason }),
});

/** Progress is no action of anybody's, so it has no audit record of its own; invoicing and the rail recorded theirs. */
const note = async (deps: Deps, checkoutId: Id<'chk'>, change: (checkout: Checkout) => Checkout): Promise<void> => {
  const before = await load(deps, checkoutId);
  const after = change(before);
  if (after === before) return;
  const version = deps.nextVersion(before.version);
  await deps.unitOfWork.commit({
    writes: [deps.checkouts.update({ ...after, version }, before.version)],
    messages: [],
    audit: [],
    correlationId: checkoutId,
  });
  deps.watch.changed(checkoutId);
};

const end = async (
  deps: Deps,
  checkoutId: Id<'chk'>,
  { also, ...ending }: Ending & { readonly also?: Write },
): Promise<void> => {
  const checkout = await load(deps, checkoutId);
  const subscription = await deps.subscriptions.find('every_account', checkout.subscriptionId);
  if (!subscription) throw platformFail('platform.not_found', `Checkout ${checkoutId} has no subscription.`);
  const change = checkout.changeId && (await deps.changes.find('every_account', checkout.changeId));
  const version = deps.nextVersion(Math.max(subscription.version, checkout.version));
  const open = { checkout, subscription, change };
  const decision = decideEnd(open, { ending, now: deps.clock.now(), version });
  if (decision.kind === 'nothing') return;
  const released = await releaseCoupon(deps, checkoutId, reasonOf(ending));
  await deps.unitOfWork.commit({
    writes: [
      deps.checkouts.update(decision.checkout, checkout.version),
      ...(decision.draft ? [deps.subscriptions.update(decision.draft, subscription.version)] : []),
      ...(decision.change && change ? [deps.changes.update(decision.change, change.version)] : []),
      ...(also === undefined ? released.writes : [also]),
    ],
    messages: also === undefined ? released.messages : [],
    audit: decision.audit,
    correlationId: checkoutId,
  });
  deps.watch.changed(checkoutId);
};

const load = async (deps: Deps, checkoutId: Id<'chk'>): Promise<Checkout> => {
  const checkout = await deps.checkouts.find('every_account', checkoutId);
  // Not found may mean that the report overtook us; the bus brings it again.
  if (!checkout) throw platformFail('platform.not_found', `Checkout ${checkoutId} is not here yet.`);
  return checkout;
};

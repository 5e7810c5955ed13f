import { type Id } from '@quittance/kernel';

import { decideCloseAsked, decideRecheck } from '../domain/decide-closing.ts';
import { paymentsCardFail } from '../domain/errors.ts';
import { type Order } from '../domain/order.ts';
import { commitDecision, type CommitDeps } from './commit-decision.ts';

export interface AskOrderDeps extends CommitDeps {
  /** Wakes the worker that asks the provider. */
  readonly wake: () => void;
}

export type CloseOrder = (input: { readonly orderId: Id<'ord'>; readonly reason: string }) => Promise<void>;
export type RecheckOrder = (input: { readonly orderId: Id<'ord'> }) => Promise<void>;

/** Marks an order to be closed at the provider. */
export const makeCloseOrder =
  (deps: AskOrderDeps): CloseOrder =>
  async ({ orderId, reason }) => {
    const before = await needOrder(deps, orderId);
    const decided = decideCloseAsked(before, reason, new Date(deps.wallClock.nowMs()));
    if (decided.order === before) return;
    await commitDecision(deps, { before, decided });
    deps.wake();
  };

/** Marks an order to be read at the provider now. A new version, so that a reading under way does not undo it. */
export const makeRecheckOrder =
  (deps: AskOrderDeps): RecheckOrder =>
  async ({ orderId }) => {
    const before = await needOrder(deps, orderId);
    const decided = decideRecheck(before, new Date(deps.wallClock.nowMs()));
    if (decided === null) return;
    await commitDecision(deps, { before, decided });
    deps.wake();
  };

/** Messages come in any order: what asks for an order may be faster than what opens it, and is then tried again. */
const needOrder = async ({ orders }: AskOrderDeps, orderId: Id<'ord'>): Promise<Order> => {
  const order = await orders.find(orderId);
  if (order === null) throw paymentsCardFail('payments_card.order_unknown', `Order ${orderId} is not known here yet.`);
  return order;
};

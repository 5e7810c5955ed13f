import { type UnitOfWork, type WallClock, type Write } from '@quittance/kernel';

import { type Decision, withVersion } from '../domain/decision.ts';
import { type CardMessage } from '../domain/messages.ts';
import { type Order } from '../domain/order.ts';
import { type OrderStore } from './ports.ts';

export interface CommitDeps {
  readonly orders: OrderStore;
  readonly unitOfWork: UnitOfWork<CardMessage>;
  readonly wallClock: WallClock;
  /** Versions only grow, and a restored database is not outvoted by its own past. */
  readonly nextVersion: (previous: number) => number;
}

/** Applies a decision: the order, what it says and what it records, and whatever belongs to the same moment. */
export const commitDecision = (
  { orders, unitOfWork, wallClock, nextVersion }: CommitDeps,
  change: { readonly before: Order | null; readonly decided: Decision; readonly also?: readonly Write[] },
): Promise<void> => {
  const { before } = change;
  const decided = withVersion(change.decided, nextVersion(before?.version ?? 0));
  const { order, attempts, storedMethod, customerGone, messages, audit } = decided;
  const additions = { attempts, storedMethod, customerGone, savedAt: new Date(wallClock.nowMs()) };
  const stored = before === null ? orders.insert(order) : orders.save(before, order, additions);
  return unitOfWork.commit({
    writes: [stored, ...(change.also ?? [])],
    messages,
    audit,
    correlationId: order.correlationId,
  });
};

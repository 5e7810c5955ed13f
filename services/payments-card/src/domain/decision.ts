import { type AuditEntry } from '@quittance/kernel';

import { type OrderMessage } from './messages.ts';
import { type Attempt, type Order, type StoredMethod } from './order.ts';

/** What a pure decision asks the application to save and say, in one commit. */
export interface Decision {
  readonly order: Order;
  /** Attempts not recorded before. */
  readonly attempts: readonly Attempt[];
  readonly storedMethod: StoredMethod | null;
  /** The provider does not know the account's customer any more; the next order begins with a new one. */
  readonly customerGone: boolean;
  readonly messages: readonly OrderMessage[];
  readonly audit: readonly AuditEntry[];
}

export const decision = (
  order: Order,
  messages: readonly OrderMessage[] = [],
  audit: readonly AuditEntry[] = [],
): Decision => ({ order, attempts: [], storedMethod: null, customerGone: false, messages, audit });

/** One line of the trail about an order. */
export const recordOf = (
  action: string,
  order: Order,
  facts: Pick<AuditEntry, 'reason' | 'before' | 'after' | 'result'> = {},
): AuditEntry => ({ action, subject: { type: 'order', id: order.id }, accountId: order.accountId, ...facts });

/** Whoever receives it must see the version that was saved, so messages are filled in last. */
export const withVersion = (decided: Decision, version: number): Decision => {
  const order = { ...decided.order, version };
  return { ...decided, order, messages: decided.messages.map((message) => ({ ...message, order })) };
};

import { type AccountId, type Clock, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { decideRefused, newOrder } from '../domain/decide-opening.ts';
import { decision } from '../domain/decision.ts';
import { commitDecision, type CommitDeps } from './commit-decision.ts';
import { type CardProvider, type StoredMethods } from './ports.ts';

export interface AcceptOrderInput {
  readonly orderId: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  readonly checkoutId: Id<'chk'> | null;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly description: string;
  readonly returnUrls: { readonly success: string; readonly cancel: string };
  /** Of the message, for orders without a checkout. */
  readonly correlationId: string;
}

export type AcceptOrder = (input: AcceptOrderInput) => Promise<void>;

export interface AcceptOrderDeps extends CommitDeps {
  readonly provider: CardProvider;
  readonly methods: StoredMethods;
  readonly clock: Clock;
  /** Wakes the worker that sends it. */
  readonly wake: () => void;
}

/**
 * Records the intent to open an order, with the request exactly as it will be sent. Nothing is told and nothing is
 * audited yet: the trail of a purchase begins to speak of the order when the provider has opened or refused it.
 */
export const makeAcceptOrder =
  (deps: AcceptOrderDeps): AcceptOrder =>
  async (input) => {
    // The order's id was chosen by whoever asked, so a repeated request is the same order.
    if ((await deps.orders.find(input.orderId)) !== null) return;
    const createdAt = deps.clock.now();
    const correlationId = input.checkoutId ?? input.correlationId;
    const customerReference = await deps.methods.customerOf(input.accountId, deps.provider.name);
    const prepared = deps.provider.prepareOpening({ ...input, correlationId, customerReference }, createdAt);
    const facts = { ...input, id: input.orderId, provider: deps.provider.name, correlationId, createdAt };
    const request = prepared.outcome === 'prepared' ? prepared.request : {};
    const order = newOrder(facts, request, new Date(deps.wallClock.nowMs()));
    const decided = prepared.outcome === 'prepared' ? decision(order) : decideRefused(order, prepared);
    await commitDecision(deps, { before: null, decided });
    deps.wake();
  };

import { type AccountId, type Actor, type Clock, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { chargeKeyOf, decideNoMethod, newCharge } from '../domain/decide-charge.ts';
import { decideRefused } from '../domain/decide-opening.ts';
import { type Decision, decision, withVersion } from '../domain/decision.ts';
import { type StoredMethod } from '../domain/order.ts';
import { type CommitDeps } from './commit-decision.ts';
import { type CardProvider, type StoredMethods } from './ports.ts';

export interface AcceptChargeInput {
  readonly orderId: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  readonly attempt: number;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly description: string;
  readonly correlationId: string;
  /** The message that asks for it. */
  readonly cause: { readonly id: string; readonly actor: Actor };
}

export type AcceptCharges = (inputs: readonly AcceptChargeInput[]) => Promise<void>;

export interface AcceptChargeDeps extends CommitDeps {
  readonly provider: CardProvider;
  readonly methods: StoredMethods;
  readonly clock: Clock;
  /** Wakes the worker that sends it. */
  readonly wake: () => void;
}

/**
 * Records the intent to charge each account's newest stored method, with the request exactly as it will be sent. Which
 * method is decided here, once: every try of this attempt charges the same one under the same key.
 */
export const makeAcceptCharges =
  (deps: AcceptChargeDeps): AcceptCharges =>
  async (inputs) => {
    const known = await deps.orders.known(inputs.map(({ orderId }) => orderId));
    const fresh = inputs.filter(({ orderId }) => !known.has(orderId));
    if (fresh.length === 0) return;
    const accounts = fresh.map(({ accountId }) => accountId);
    const methods = await deps.methods.newestOf(accounts, deps.provider.name);
    const version = deps.nextVersion(0);
    const decided = fresh.map((input) =>
      withVersion(decide(deps, input, methods.get(input.accountId) ?? null), version),
    );
    await deps.unitOfWork.commitAll(
      decided.map(({ order, messages, audit }, index) => ({
        writes: [deps.orders.insert(order)],
        messages,
        audit,
        correlationId: order.correlationId,
        ...causeOf(fresh[index]),
      })),
    );
    deps.wake();
  };

const causeOf = (input: AcceptChargeInput | undefined) => (input === undefined ? {} : { cause: input.cause });

const decide = (deps: AcceptChargeDeps, input: AcceptChargeInput, method: StoredMethod | null): Decision => {
  const { provider, clock, wallClock } = deps;
  const createdAt = clock.now();
  const charge = { key: chargeKeyOf(input.invoiceId, input.attempt), attempt: input.attempt };
  const facts = { ...input, id: input.orderId, checkoutId: null, provider: provider.name, createdAt };
  const sending = { request: {}, now: new Date(wallClock.nowMs()) };
  if (method === null) return decideNoMethod(newCharge(facts, charge, sending), createdAt);
  const prepared = provider.prepareCharge({ ...input, method });
  return prepared.outcome === 'prepared'
    ? decision(newCharge(facts, charge, { ...sending, request: prepared.request }))
    : decideRefused(newCharge(facts, charge, sending), prepared);
};

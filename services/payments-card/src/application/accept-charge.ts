import { type AccountId, type Clock, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { chargeKeyOf, decideNoMethod, newCharge } from '../domain/decide-charge.ts';
import { decideRefused } from '../domain/decide-opening.ts';
import { type Decision, decision } from '../domain/decision.ts';
import { commitDecision, type CommitDeps } from './commit-decision.ts';
import { type CardProvider, type StoredMethods } from './ports.ts';

export interface AcceptChargeInput {
  readonly orderId: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  readonly attempt: number;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly description: string;
  readonly correlationId: string;
}

export type AcceptCharge = (input: AcceptChargeInput) => Promise<void>;

export interface AcceptChargeDeps extends CommitDeps {
  readonly provider: CardProvider;
  readonly methods: StoredMethods;
  readonly clock: Clock;
  /** Wakes the worker that sends it. */
  readonly wake: () => void;
}

/**
 * Records the intent to charge the account's newest stored method, with the request exactly as it will be sent. Which
 * method is decided here, once: every try of this attempt charges the same one under the same key.
 */
export const makeAcceptCharge =
  (deps: AcceptChargeDeps): AcceptCharge =>
  async (input) => {
    if ((await deps.orders.find(input.orderId)) !== null) return;
    await commitDecision(deps, { before: null, decided: await decide(deps, input) });
    deps.wake();
  };

const decide = async (deps: AcceptChargeDeps, input: AcceptChargeInput): Promise<Decision> => {
  const { provider, methods, clock, wallClock } = deps;
  const createdAt = clock.now();
  const charge = { key: chargeKeyOf(input.invoiceId, input.attempt), attempt: input.attempt };
  const facts = { ...input, id: input.orderId, checkoutId: null, provider: provider.name, createdAt };
  const sending = { request: {}, now: new Date(wallClock.nowMs()) };
  const method = await methods.newest(input.accountId, provider.name);
  if (method === null) return decideNoMethod(newCharge(facts, charge, sending), createdAt);
  const prepared = provider.prepareCharge({ ...input, method });
  return prepared.outcome === 'prepared'
    ? decision(newCharge(facts, charge, { ...sending, request: prepared.request }))
    : decideRefused(newCharge(facts, charge, sending), prepared);
};

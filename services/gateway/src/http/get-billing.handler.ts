import { GetBalanceDue, GetBilling, ListInvoices, ListPayments, ListSubscriptions } from '@quittance/contracts';
import { accountOf, handle, ok } from '@quittance/http';
import { type Clock } from '@quittance/kernel';

import { type CallService, type Part, readBilling } from '../application/index.ts';
import { callContract } from './call-contract.ts';

/** The newest hundred of each: a billing page shows no more, and the lists themselves have pages. */
const LIMIT = '100';

export interface Support {
  readonly url: string | null;
  readonly email: string | null;
}

export const getBillingHandler = (deps: {
  readonly callService: CallService;
  readonly clock: Clock;
  readonly support: Support;
}) =>
  handle(GetBilling, async ({ query, principal, request }) => {
    const account = accountOf(principal, query.account);
    const call = { principal, requestId: request.id, query: { account, limit: LIMIT } };
    const owed = { ...call, query: { account } };
    const sources = {
      subscriptions: async () => (await callContract(deps.callService, ListSubscriptions, call)).data,
      invoices: async () => (await callContract(deps.callService, ListInvoices, call)).data,
      payments: async () => (await callContract(deps.callService, ListPayments, call)).data,
      balanceDue: async () => (await callContract(deps.callService, GetBalanceDue, owed)).data,
    };
    const billing = await readBilling(sources, account, deps.clock);
    const { next } = billing;
    return ok({
      accountId: account,
      subscriptions: toApiPart(billing.subscriptions),
      invoices: toApiPart(billing.invoices),
      payments: toApiPart(billing.payments),
      balanceDue: toApiPart(billing.balanceDue),
      nextCharge: next === null || next.nextCharge === null ? null : { ...next.nextCharge, subscriptionId: next.id },
      support: deps.support,
    });
  });

const toApiPart = <Item>(part: Part<readonly Item[]>) => ({
  asOf: part.asOf.toISOString(),
  data: part.data === null ? null : [...part.data],
  problem: part.problem,
});

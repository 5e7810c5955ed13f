import { GetBilling, ListInvoices, ListPayments, ListSubscriptions } from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';
import { type Clock, platformFail } from '@quittance/kernel';

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
    const scope = scopeOf(principal, query.account);
    if (scope === 'every_account') {
      const issues = [{ path: 'query.account', problem: 'is needed: name the account whose page it is' }];
      throw platformFail('platform.invalid_request', 'Name the account.', { details: { issues } });
    }
    const { account } = scope;
    const call = { principal, requestId: request.id, query: { account, limit: LIMIT } };
    const sources = {
      subscriptions: async () => (await callContract(deps.callService, ListSubscriptions, call)).data,
      invoices: async () => (await callContract(deps.callService, ListInvoices, call)).data,
      payments: async () => (await callContract(deps.callService, ListPayments, call)).data,
    };
    const billing = await readBilling(sources, account, deps.clock);
    const { next } = billing;
    return ok({
      accountId: account,
      subscriptions: toApiPart(billing.subscriptions),
      invoices: toApiPart(billing.invoices),
      payments: toApiPart(billing.payments),
      nextCharge: next === null || next.nextCharge === null ? null : { ...next.nextCharge, subscriptionId: next.id },
      support: deps.support,
    });
  });

const toApiPart = <Item>(part: Part<readonly Item[]>) => ({
  asOf: part.asOf.toISOString(),
  data: part.data === null ? null : [...part.data],
  problem: part.problem,
});

import { type AccountId, type Clock } from '@quittance/kernel';

import { type BalanceDue, type Journal } from './ports.ts';

export type ReadBalanceDue = (
  accountId: AccountId,
) => Promise<{ readonly owed: readonly BalanceDue[]; readonly asOf: Date }>;

/** What an account owes by the books, whatever became of its subscriptions. */
export const makeReadBalanceDue =
  ({ journal, clock }: { readonly journal: Journal; readonly clock: Clock }): ReadBalanceDue =>
  async (accountId) => {
    const asOf = clock.now();
    return { owed: await journal.balancesDue(accountId), asOf };
  };

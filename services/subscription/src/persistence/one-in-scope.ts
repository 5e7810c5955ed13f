import { type AccountScope } from '@quittance/kernel';

/** One row by its id, as the tail of a query. */
export const oneInScope = (scope: AccountScope, id: string): readonly [string, readonly string[]] =>
  scope === 'every_account'
    ? ['WHERE t.id = $1', [id]]
    : ['WHERE t.id = $1 AND t.account_id = $2', [id, scope.account]];

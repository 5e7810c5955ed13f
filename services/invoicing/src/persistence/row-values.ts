import { type AccountId, type AccountScope, assert, type Id, isAccountId, isId } from '@quittance/kernel';
import { type Currency, isCurrency, type Money, money, type Period } from '@quittance/money';

/** What a column holds is text to PostgreSQL; a value that is none of ours was not written by us. */
export const idFromRow = <Prefix extends string>(prefix: Prefix, value: string): Id<Prefix> => {
  assert(isId(prefix, value), `not an id of ${prefix}: ${value}`);
  return value;
};

export const accountFromRow = (value: string): AccountId => {
  assert(isAccountId(value), `not an account id: ${value}`);
  return value;
};

export const oneOf = <T extends string>(members: readonly T[], value: string): T => {
  const found = members.find((member) => member === value);
  assert(found !== undefined, `${value} is none of ${members.join(', ')}`);
  return found;
};

export const currencyFromRow = (value: string): Currency => {
  assert(isCurrency(value), `not a currency: ${value}`);
  return value;
};

export const moneyFromRow = (amountMinor: bigint, currency: string): Money =>
  money(amountMinor, currencyFromRow(currency));

export const periodFromRow = (start: Date | null, end: Date | null): Period | null =>
  start === null || end === null ? null : { start, end };

export const whereScope = (scope: AccountScope): { accountId?: string } =>
  scope === 'every_account' ? {} : { accountId: scope.account };

/** One row by its id, as the tail of a query. */
export const oneInScope = (scope: AccountScope, id: string): readonly [string, readonly string[]] =>
  scope === 'every_account'
    ? ['WHERE t.id = $1', [id]]
    : ['WHERE t.id = $1 AND t.account_id = $2', [id, scope.account]];

/** One row more than asked says whether there is a next page. */
export const pageOfRows = <Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } => {
  const kept = rows.slice(0, limit);
  return { rows: kept, nextCursor: rows.length > limit ? (kept.at(-1)?.id ?? null) : null };
};

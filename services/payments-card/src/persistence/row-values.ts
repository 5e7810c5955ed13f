import { type AccountId, assert, type Id, isAccountId, isId } from '@quittance/kernel';
import { isCurrency, type Money, money } from '@quittance/money';

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

export const moneyFromRow = (amountMinor: bigint, currency: string): Money => {
  assert(isCurrency(currency), `not a currency: ${currency}`);
  return money(amountMinor, currency);
};

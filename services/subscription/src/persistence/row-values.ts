import { assert, type Id, isAccountId, isId } from '@quittance/kernel';
import { isCurrency, isInterval, type Money, money } from '@quittance/money';
import { z } from 'zod';

/** What is in our own rows was checked before it was written: anything else there is our bug. */
export const id = <Prefix extends string>(prefix: Prefix, value: string): Id<Prefix> => {
  assert(isId(prefix, value), `not a ${prefix} id: ${value}`);
  return value;
};

export const account = (value: string) => {
  assert(isAccountId(value), `not an account id: ${value}`);
  return value;
};

export const amount = (amountMinor: bigint, currency: string): Money => {
  assert(isCurrency(currency), `not a currency: ${currency}`);
  return money(amountMinor, currency);
};

export const Interval = z.string().refine(isInterval);
export const TaxBehavior = z.enum(['exclusive', 'inclusive']);

/** Money inside a JSON column: minor units as a decimal string, because JSON has no bigint. */
export const JsonMoney = z
  .strictObject({ amountMinor: z.string(), currency: z.string() })
  .transform((value) => amount(BigInt(value.amountMinor), value.currency));

export const toJsonMoney = (value: Money) => ({ amountMinor: value.amountMinor.toString(), currency: value.currency });

import { assert } from '@quittance/kernel';
import { amountAsNumber, isCurrency, type Money, money } from '@quittance/money';

import { type ApiMoney } from './shapes.ts';

/** @throws AssertionFailed beyond ±(2⁵³−1) minor units, where JSON numbers stop being exact. */
export const toApiMoney = (amount: Money): ApiMoney => ({ amount: amountAsNumber(amount), currency: amount.currency });

/** For amounts of other services and of our own rows: an unknown currency there is our bug. */
export const fromApiMoney = ({ amount, currency }: ApiMoney): Money => {
  assert(isCurrency(currency), `not an ISO 4217 currency: ${currency}`);
  return money(BigInt(amount), currency);
};

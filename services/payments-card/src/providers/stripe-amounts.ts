import { type Currency, exponentOf, isCurrency, type Money, money } from '@quittance/money';

import { type ProviderAmount } from '../domain/reading.ts';

/**
 * How many digits a unit of Stripe's API is after the decimal point, where that is not two. Stripe's own table, not
 * ISO 4217: MGA has two by ISO and none at Stripe, ISK none by ISO and two at Stripe.
 * Source: docs.stripe.com/currencies, "Zero-decimal currencies", "Three-decimal currencies" and "Special cases".
 */
const STRIPE_EXPONENTS: Readonly<Partial<Record<Currency, 0 | 3>>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  MGA: 0,
  PYG: 0,
  RWF: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  JOD: 3,
  KWD: 3,
  OMR: 3,
  TND: 3,
};

/** Stripe lists UGX both as zero-decimal and as two-decimal: nobody is charged a hundredfold on a guess. */
const UNDECIDED: readonly Currency[] = ['UGX'];

const exponentAtStripe = (currency: Currency): number => STRIPE_EXPONENTS[currency] ?? 2;

/** Null when Stripe's smallest unit cannot express the amount exactly; it is never rounded here. */
export const toStripeAmount = ({ amountMinor, currency }: Money): ProviderAmount | null => {
  if (!isCurrency(currency) || UNDECIDED.includes(currency)) return null;
  const units = shift(amountMinor, exponentAtStripe(currency) - exponentOf(currency));
  // Stripe takes three-decimal amounts only in steps of ten: 5.124 KWD must be 5.120 or 5.130.
  if (units === null || (exponentAtStripe(currency) === 3 && units % 10n !== 0n)) return null;
  return { units, currency };
};

/** Stripe writes currencies in lower case and amounts as JSON integers. */
export const fromStripeAmount = (units: number, currency: string): ProviderAmount => ({
  units: BigInt(units),
  currency: currency.toUpperCase(),
});

/** What Stripe says, in our minor units; null for a currency we do not know or units ours cannot express. */
export const moneyFromStripe = (units: number, stripeCurrency: string): Money | null => {
  const currency = stripeCurrency.toUpperCase();
  if (!isCurrency(currency) || UNDECIDED.includes(currency)) return null;
  const amountMinor = shift(BigInt(units), exponentOf(currency) - exponentAtStripe(currency));
  return amountMinor === null ? null : money(amountMinor, currency);
};

const shift = (amount: bigint, digits: number): bigint | null => {
  if (digits >= 0) return amount * 10n ** BigInt(digits);
  const divisor = 10n ** BigInt(-digits);
  return amount % divisor === 0n ? amount / divisor : null;
};

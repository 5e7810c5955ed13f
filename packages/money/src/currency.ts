import { ISO_4217_EXPONENTS } from './iso-4217.ts';

/** An ISO 4217 currency that has minor units. */
export type Currency = keyof typeof ISO_4217_EXPONENTS;

export const isCurrency = (value: unknown): value is Currency =>
  typeof value === 'string' && Object.hasOwn(ISO_4217_EXPONENTS, value);

/** How many digits a minor unit is after the decimal point: USD 2, XOF 0, KWD 3. */
export const exponentOf = (currency: Currency): number => ISO_4217_EXPONENTS[currency];

/** What prices may be set in; the rails know how to collect these. */
export const SUPPORTED_CURRENCIES = [
  'USD',
  'EUR',
  'GBP',
  'NGN',
  'GHS',
  'KES',
  'ZAR',
  'XOF',
  'CNY',
] as const satisfies readonly Currency[];
export type SupportedCurrency = (typeof SUPPORTED_CURRENCIES)[number];

export const isSupportedCurrency = (value: unknown): value is SupportedCurrency =>
  SUPPORTED_CURRENCIES.some((currency) => currency === value);

import { type Currency, isCurrency, type Money, parseMoney } from '@quittance/money';

export type StatedMinimums = ReadonlyMap<Currency, Money>;

/** `USD 0.50, XOF 350`: an amount above zero by currency, each once; null for anything else. Empty text: none. */
export const parseMinimums = (text: string): StatedMinimums | null => {
  const minimums = new Map<Currency, Money>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '' && text.trim() === '') return minimums;
    const [currency = '', decimal = '', ...rest] = entry.split(/ +/);
    const minimum = isCurrency(currency) ? parseMoney(decimal, currency) : null;
    if (minimum === null || minimum.amountMinor <= 0n || rest.length > 0 || minimums.has(minimum.currency)) return null;
    minimums.set(minimum.currency, minimum);
  }
  return minimums;
};

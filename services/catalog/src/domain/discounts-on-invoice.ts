import { type Currency, type Money, money } from '@quittance/money';

/** A line of a paid invoice. */
export interface InvoiceLine {
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** Subscription names the coupon at the end of every line that it takes off another: `Pro – WELCOME-25`. */
const CODE_AT_THE_END = / – ([A-Z0-9][A-Z0-9_-]{2,31})$/;

/**
 * What was taken off, by code, before tax as on a redemption. A line that costs something is no discount, whatever its
 * plan is called; whether the code is one of ours is for the caller to find out.
 */
export const discountsOnInvoice = (lines: readonly InvoiceLine[], currency: Currency): ReadonlyMap<string, Money> => {
  const byCode = new Map<string, Money>();
  for (const { description, quantity, unitPrice } of lines) {
    const code = CODE_AT_THE_END.exec(description)?.[1];
    if (code === undefined || unitPrice.amountMinor >= 0n) continue;
    const before = byCode.get(code)?.amountMinor ?? 0n;
    byCode.set(code, money(before - unitPrice.amountMinor * BigInt(quantity), currency));
  }
  return byCode;
};

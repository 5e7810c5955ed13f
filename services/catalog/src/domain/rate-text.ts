const DIGITS = 8;

/** Hundred-millionths as a decimal: 92000000 is 0.92. */
export const toRateText = (rateE8: bigint): string => {
  const digits = rateE8.toString().padStart(DIGITS + 1, '0');
  return `${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`.replace(/\.?0+$/, '');
};

/** A decimal of at most eight digits after the point, exactly. */
export const fromRateText = (text: string): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * 10n ** BigInt(DIGITS) + BigInt(fraction.padEnd(DIGITS, '0'));
};

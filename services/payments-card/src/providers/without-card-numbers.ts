import { holdsCardNumber, maskCardNumbers } from '@quittance/runtime';

/**
 * The same JSON with every card number in it masked, in values and in names; the very same bytes where there is none.
 * A provider tells whatever somebody typed into a name or a note of its own, and must be answered 2xx all the same.
 * Throws a SyntaxError for what is no JSON.
 */
export const withoutCardNumbers = (payload: Buffer): Buffer => {
  let found = false;
  const masked = (text: string): string => {
    found ||= holdsCardNumber(text);
    return maskCardNumbers(text);
  };
  const cleaned: unknown = JSON.parse(payload.toString('utf8'), (_name, value: unknown) => {
    if (typeof value === 'string') return masked(value);
    if (Number.isInteger(value)) return holdsCardNumber(String(value)) ? masked(String(value)) : value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]: [string, unknown]) => [masked(name), inner]));
  });
  return found ? Buffer.from(JSON.stringify(cleaned)) : payload;
};

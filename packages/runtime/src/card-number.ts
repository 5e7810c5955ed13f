/** A run of digits, perhaps grouped with spaces or dashes, that is long enough to be a card number. */
const DIGIT_RUN = /\d(?:[\s\u2010-\u2015-]{0,2}\d){12,}/g;
const GROUP = /\d+/g;
/**
 * One UUID in a few hundred has a run of digits that passes the check, and so have ULIDs and hashes in hexadecimal;
 * nobody types a card number as one. Each alternative takes the place of as many characters.
 */
const MACHINE_MADE =
  /(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9a-hjkmnp-tv-z]{25}|(?:0x)?[0-9a-f]{32,})(?![0-9a-z])/gi;
/** Digits as Arabic, Persian and full-width keyboards type them. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/**
 * Every part of a text that passes the Luhn check with 13 to 19 digits, also when it is grouped with spaces or dashes.
 * Lengths at which a scheme has no cards do not count: there a number is a time or a company’s (`isOfSomeScheme`).
 * Linear in the length of the text.
 */
export const findCardNumbers = (text: string): readonly string[] =>
  placesOf(text).map(({ from, to }) => text.slice(from, to));

export const holdsCardNumber = (text: string): boolean => placesOf(text).length > 0;

/** The same text with `[card number]` in the place of each. */
export const maskCardNumbers = (text: string): string =>
  findCardNumbers(text)
    .toSorted((left, right) => right.length - left.length)
    .reduce((masking, found) => masking.replaceAll(found, '[card number]'), text);

interface Place {
  readonly from: number;
  readonly to: number;
}

const placesOf = (text: string): readonly Place[] => {
  if (text.length < DIGITS_MIN) return [];
  const digits = text.search(OTHER_DIGITS) === -1 ? text : text.replaceAll(OTHER_DIGITS, westernDigit);
  if (digits.search(DIGIT_RUN) === -1) return [];
  const left = digits.replaceAll(MACHINE_MADE, (made) => '_'.repeat(made.length));
  return [...left.matchAll(DIGIT_RUN)].flatMap((run) => placesInRun(run[0], run.index));
};

/** Each of the three ranges begins with its zero at a multiple of 16. */
const westernDigit = (digit: string): string => String(digit.charCodeAt(0) % 16);

/** A date may stand right before a number, so every sequence of neighbouring groups is looked at. */
const placesInRun = (run: string, start: number): readonly Place[] => {
  const groups = [...run.matchAll(GROUP)];
  const found: Place[] = [];
  for (const [first, from] of groups.entries()) {
    let digits = '';
    for (const group of groups.slice(first, first + DIGITS_MAX)) {
      digits += group[0];
      if (digits.length > DIGITS_MAX) break;
      if (isCardNumber(digits)) found.push({ from: start + from.index, to: start + group.index + group[0].length });
    }
  }
  return found;
};

const isCardNumber = (digits: string): boolean =>
  digits.length >= DIGITS_MIN && isOfSomeScheme(digits) && luhnHolds(digits);

/**
 * By the leading digits of ISO/IEC 7812: 13 digits are an old Visa’s only (else milliseconds since 1970), 14 a Diners
 * Club’s (else a French SIRET, which passes the check by design), and 1, 20 and 21 lead cards of 15 digits only (else a
 * time: micro- and nanoseconds since 1970, or 20260131…).
 */
const isOfSomeScheme = (digits: string): boolean => {
  if (digits.startsWith('0')) return false;
  if (digits.length === 13) return digits.startsWith('4');
  if (digits.length === 14) return /^3[0689]/.test(digits);
  return digits.length === 15 || !/^(1|2[01])/.test(digits);
};

const luhnHolds = (digits: string): boolean => {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};

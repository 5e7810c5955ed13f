/** A run of digits, perhaps grouped with spaces or dashes, that is long enough to be a card number. */
const DIGIT_RUN = /\d(?:[\s\u2010-\u2015-]{0,2}\d){12,}/g;
const GROUP = /\d+/g;
/** One UUID in a few hundred has a run of digits that passes the check; nobody types a card number as one. */
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/**
 * Every part of a text that passes the Luhn check with 13 to 19 digits, also when it is grouped with spaces or dashes.
 * Thirteen digits count only with a leading 4 (the one scheme that had them): other thirteen-digit numbers are
 * milliseconds since 1970. Linear in the length of the text.
 */
export const findCardNumbers = (text: string): readonly string[] => {
  if (text.length < DIGITS_MIN) return [];
  if (text.search(DIGIT_RUN) === -1) return [];
  const runs = text.replaceAll(UUID, 'uuid').match(DIGIT_RUN);
  return runs === null ? [] : runs.flatMap(cardNumbersInRun);
};

export const holdsCardNumber = (text: string): boolean => findCardNumbers(text).length > 0;

/** A date may stand right before a number, so every sequence of neighbouring groups is looked at. */
const cardNumbersInRun = (run: string): string[] => {
  const groups = [...run.matchAll(GROUP)];
  const found: string[] = [];
  for (const [first, from] of groups.entries()) {
    let digits = '';
    for (const group of groups.slice(first, first + DIGITS_MAX)) {
      digits += group[0];
      if (digits.length > DIGITS_MAX) break;
      if (isCardNumber(digits)) found.push(run.slice(from.index, group.index + group[0].length));
    }
  }
  return found;
};

const isCardNumber = (digits: string): boolean =>
  digits.length >= DIGITS_MIN &&
  !digits.startsWith('0') &&
  (digits.length > DIGITS_MIN || digits.startsWith('4')) &&
  luhnHolds(digits);

const luhnHolds = (digits: string): boolean => {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};

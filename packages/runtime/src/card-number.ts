import { DIGITS_MAX, DIGITS_MIN, isCardNumber } from './card-scheme.ts';
import { readingsOf } from './reading.ts';

/** Digits with at most three characters between them that are no letters: what may be a card number, and grouped. */
const DIGIT_RUN = /\d(?:[^\p{L}\p{N}%]{0,3}\d){12,}/gu;
const GAP_MAX = 3;
const [PERCENT, ZERO, NINE] = [0x25, 0x30, 0x39];
const GROUP = /\d+/g;
/** Up to two spaces or dashes group digits in any way. */
const USUAL_GAP = /^[\s\p{Pd}]{1,2}$/u;
/** The lengths of the groups that are printed on cards. */
const AS_PRINTED = /^(?:4,4,4,4(?:,[1-3])?|4,6,[45]|4,3,3,3|4,4,5|6,13)$/;
/**
 * One UUID in a few hundred has a run of digits that passes the check, and so have ULIDs and hashes in hexadecimal;
 * nobody types a card number as one. Each alternative takes the place of as many characters.
 */
const MACHINE_MADE =
  /(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9a-hjkmnp-tv-z]{25}|(?:0x)?[0-9a-f]{32,})(?![0-9a-z])/gi;
/** Every digit, encoded or not, is written with one of these. */
const DIGIT_LIKE = /[\p{N}%]/gu;

/**
 * Every part of a text that reads as a card number: 13 to 19 digits of a scheme that pass the Luhn check, in any script,
 * percent-encoded or not, bare or grouped like a card number (`isGroupedLikeOne`). Linear in the length of the text.
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

/** Nearly every text is done with at the first look. */
const placesOf = (text: string): readonly Place[] => {
  if (text.length < DIGITS_MIN) return [];
  const look = firstLook(text);
  if (look === 'as_written') return placesIn(text);
  if (look === 'clean' || (text.match(DIGIT_LIKE)?.length ?? 0) < DIGITS_MIN) return [];
  return readingsOf(text).flatMap((reading) =>
    placesIn(reading.text).map(({ from, to }) => ({ from: reading.from[from] ?? 0, to: reading.to[to - 1] ?? 0 })),
  );
};

/** Whether a text has a run of 13 digits; or, as it may be read in another way than it is written, 13 at all. */
const firstLook = (text: string): 'clean' | 'as_written' | 'otherwise' => {
  let [digitsAtMost, others, run, gap] = [0, 0, 0, 0];
  let hasRun = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) {
      digitsAtMost += 1;
      run += 1;
      gap = 0;
      if (run === DIGITS_MIN) hasRun = true;
    } else {
      gap += 1;
      if (code > 0x7f || code === PERCENT) others += 1;
      if (gap > GAP_MAX || code === PERCENT || isLetter(code)) run = 0;
    }
  }
  if (others === 0) return hasRun ? 'as_written' : 'clean';
  return digitsAtMost + others < DIGITS_MIN ? 'clean' : 'otherwise';
};

/** With the bit that makes lower case of upper case, letters are in one row. */
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

const placesIn = (text: string): readonly Place[] => {
  if (text.search(DIGIT_RUN) === -1) return [];
  const left = text.replaceAll(MACHINE_MADE, (made) => 'x'.repeat(made.length));
  return [...left.matchAll(DIGIT_RUN)].flatMap((run) => placesInRun(left, run[0], run.index));
};

/** A date may stand right before a number, so every sequence of neighbouring groups is looked at. */
const placesInRun = (text: string, run: string, start: number): readonly Place[] => {
  const groups = Array.from(run.matchAll(GROUP), ({ 0: digits, index }) => ({ digits, from: index }));
  const found: Place[] = [];
  for (const [first, { from }] of groups.entries()) {
    let digits = '';
    for (let last = first; last < groups.length; last += 1) {
      const group = groups[last];
      digits += group?.digits ?? '';
      if (group === undefined || digits.length > DIGITS_MAX) break;
      if (!isCardNumber(digits) || isTelephoneNumber(digits, text[start + from - 1])) continue;
      const to = group.from + group.digits.length;
      if (last === first || isGroupedLikeOne(run.slice(from, to))) found.push({ from: start + from, to: start + to });
    }
  }
  return found;
};

/** German ones have 13 digits and begin with a 4; cards of 13 digits are history. */
const isTelephoneNumber = (digits: string, before: string | undefined): boolean =>
  before === '+' && digits.length === DIGITS_MIN;

/**
 * With spaces or dashes in any way. With other characters between the groups in the way it is printed on cards, or
 * evenly with the same between all: everything else is a list of amounts or dates.
 */
const isGroupedLikeOne = (written: string): boolean => {
  const gaps = written.split(/\d+/).slice(1, -1);
  if (gaps.every((gap) => USUAL_GAP.test(gap))) return true;
  const lengths = Array.from(written.matchAll(GROUP), ([group]) => group.length);
  if (AS_PRINTED.test(lengths.join(','))) return true;
  const [length = 0] = lengths;
  const isEven = lengths.slice(0, -1).every((each) => each === length) && (lengths.at(-1) ?? 0) <= length;
  return isEven && gaps.every((gap) => gap === gaps[0]);
};

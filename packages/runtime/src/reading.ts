import { isUtf8 } from 'node:buffer';

/** A text as somebody reads it; each of its UTF-16 units knows the part of the written text that it stands for. */
export interface Reading {
  readonly text: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Links within links, and one level to spare. What is encoded more often is read by nobody. */
const DECODINGS_MAX = 5;
const ESCAPE = /%[0-9a-f]{2}/i;
/** What nobody sees: zero-width spaces, soft hyphens, marks on digits. */
const UNSEEN = /^[\p{Cf}\p{M}]$/u;
const NUMERIC = /\p{Nd}/u;

/**
 * A text as it is written and as links decode it, time and again, each with the digits of all scripts as western ones
 * and without what nobody sees. Linear in the length of the text.
 */
export const readingsOf = (text: string): readonly Reading[] => {
  let reading = asWritten(text);
  const readings = [plain(reading)];
  for (let decodings = 0; decodings < DECODINGS_MAX && ESCAPE.test(reading.text); decodings += 1) {
    reading = decoded(reading);
    readings.push(plain(reading));
  }
  return readings;
};

const asWritten = (text: string): Reading => {
  const from = Array.from({ length: text.length }, (_, index) => index);
  return { text, from, to: from.map((index) => index + 1) };
};

/** Parts of one reading become parts of the next; `told` is null for a part that stays. */
const rewrite = (reading: Reading, parts: RegExp, told: (part: string) => readonly Told[] | null): Reading => {
  const texts: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const append = (text: string, at: number, written: number): void => {
    texts.push(text);
    for (let unit = 0; unit < text.length; unit += 1) {
      from.push(reading.from[at] ?? 0);
      to.push(reading.to[at + written - 1] ?? 0);
    }
  };
  for (const { 0: part, index } of reading.text.matchAll(parts)) {
    const changed = told(part);
    if (changed === null) {
      texts.push(part);
      from.push(...reading.from.slice(index, index + part.length));
      to.push(...reading.to.slice(index, index + part.length));
    }
    let at = index;
    for (const { text, written } of changed ?? []) {
      append(text, at, written);
      at += written;
    }
  }
  return { text: texts.join(''), from, to };
};

interface Told {
  readonly text: string;
  /** How many units it took to write. */
  readonly written: number;
}

/** Parts are short enough to be spread. */
const plain = (reading: Reading): Reading =>
  rewrite(reading, /[\0-\x7f]{1,1000}|[\s\S]/gu, (part) =>
    part <= '\x7f' ? null : [{ text: plainCharacter(part), written: part.length }],
  );

const plainCharacter = (character: string): string => {
  if (UNSEEN.test(character)) return '';
  const unfolded = character.normalize('NFKC');
  return NUMERIC.test(unfolded) ? Array.from(unfolded, westernDigit).join('') : unfolded;
};

/** Unicode keeps the ten digits of a script in a row, from zero; now and then two scripts follow each other. */
const westernDigit = (digit: string): string => {
  if (digit <= '\x7f' || !NUMERIC.test(digit)) return digit;
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (NUMERIC.test(String.fromCodePoint(code - before - 1))) before += 1;
  return String(before % 10);
};

const decoded = (reading: Reading): Reading =>
  rewrite(reading, /(?:%[0-9a-f]{2})+|%|[^%]{1,1000}/gi, (part) =>
    part.startsWith('%') && part.length > 1 ? decodedEscapes(part) : null,
  );

/** Escapes that are no UTF-8 are read one by one, like lenient decoders do. */
const decodedEscapes = (escapes: string): readonly Told[] => {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
  if (!isUtf8(bytes)) {
    return Array.from(bytes, (byte) => ({ text: byte < 0x80 ? String.fromCharCode(byte) : '\ufffd', written: 3 }));
  }
  return Array.from(bytes.toString('utf8'), (text) => ({ text, written: 3 * Buffer.byteLength(text) }));
};

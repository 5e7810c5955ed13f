import { isAccountId, isCountry, isId } from '@quittance/kernel';
import { isCurrency, isInterval } from '@quittance/money';
import { z } from 'zod';

export const ApiMoney = z
  .strictObject({
    amount: z.int().describe('Minor units: 1999 of USD are 19.99, 1999 of JPY are 1999.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .refine((code): boolean => isCurrency(code), { error: 'must be a currency of ISO 4217 like USD' })
      .describe('ISO 4217, like USD.'),
  })
  .meta({
    id: 'Money',
    description:
      'Whole minor units of an ISO 4217 currency: `{ "amount": 1999, "currency": "USD" }` is 19.99 US dollars.',
  });
export type ApiMoney = z.infer<typeof ApiMoney>;

/** How many of one thing are bought. */
export const Quantity = z.int().min(1).max(100_000).describe('How many are bought.');

/** What our ids are of; others are named by their prefix. */
const NAMES: Readonly<Record<string, string>> = {
  att: 'something that waits for a person',
  chg: 'a change of a subscription',
  chk: 'a checkout',
  cpn: 'a coupon',
  hnd: 'a hand-off',
  inv: 'an invoice',
  mov: 'a plan move',
  ord: 'an order at the provider',
  pay: 'a payment',
  plv: 'a version of a plan',
  pln: 'a plan',
  prc: 'a price',
  prd: 'a product',
  sub: 'a subscription',
};

const likeId = (prefix: string): string => `must be an id like ${prefix}_01j8zq4m7e8b2c3d4f5g6h7k8n`;

/** An id with this prefix, `sub_01j…`. */
export const idOf = <Prefix extends string>(prefix: Prefix) =>
  z
    .templateLiteral([z.literal(prefix), '_', z.string()], { error: likeId(prefix) })
    .refine((value) => isId(prefix, value), { error: likeId(prefix) })
    .meta({
      pattern: `^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`,
      description: `Id of ${NAMES[prefix] ?? prefix}: ${prefix}_ and 26 characters.`,
    });

export const ApiAccountId = z.string().refine(isAccountId, { error: 'must be an account id of AuthGate' }).meta({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$',
  description: 'The account that owns it, as AuthGate calls it.',
});

export const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code like USD')
  .describe('ISO 4217, like USD.');
/** Where somebody seems to be, as a browser or a network says it. */
export const CountryCode = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code like FR');
/** Where somebody is taxed or a price is for: `UK` and `EL` are no codes of countries, and would be taxed as nowhere. */
export const Country = CountryCode.refine(isCountry, { error: 'must be a country of ISO 3166-1 like FR' }).describe(
  'ISO 3166-1 alpha-2, like FR.',
);
export const LanguageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag like fr')
  .describe('A language of this installation, like fr.');
const LIKE_INTERVAL =
  'must be month, year, or a duration of one unit and at most ten years like P90D, P6W, P3M or P2Y (one month is month, one year is year)';

export const Interval = z
  .string()
  .regex(/^(month|year|P[1-9]\d{0,3}[DWMY])$/, { error: LIKE_INTERVAL, abort: true })
  .refine(isInterval, { error: LIKE_INTERVAL })
  .describe('`month`, `year`, or a custom cycle as an ISO 8601 duration of one unit: `P90D`, `P6W`, `P3M`, `P2Y`.');

/** UTC, from the year 1 on: PostgreSQL has no year 0. */
export const Instant = z.iso
  .datetime({ offset: false, error: 'must be an instant in UTC like 2026-11-28T09:00:00Z' })
  .refine((value) => !value.startsWith('0000'), { error: 'must be a year from 1 on' })
  .describe('An instant in UTC, like 2026-11-28T09:00:00.000Z.');

/** A short name for machines, `automation`, `api-calls`. */
export const Key = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be a key like automation')
  .describe('A short name for machines, like automation.');

/** As it is written on paper: capitals, digits, `-` and `_`. */
export const CouponCode = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9_-]{2,31}$/, 'must be a code like WELCOME-25')
  .describe('As customers type it: capitals, digits, - and _.');

/** Control characters but tab and newline. */
const CONTROL = /(?![\t\n])\p{Cc}/u;

/** Text of a person: no NUL, no lone surrogates, no control characters but tab and newline. */
export const plainText = (charactersMax: number) =>
  z
    .string()
    .min(1)
    .max(charactersMax)
    .refine((text) => text.isWellFormed() && !CONTROL.test(text), {
      error: 'must be well-formed text without control characters',
    });

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** By its parts as a browser reads them: who writes `http://localhost@elsewhere` means elsewhere. */
const isPlainAddress = (value: string): boolean => {
  if (/[\s\p{Cc}\p{Cf}]/u.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  const isLoopback = protocol === 'http:' && LOOPBACK.includes(hostname);
  return `${username}${password}` === '' && (protocol === 'https:' || isLoopback);
};

/** Where a browser is sent back to: https, or http on loopback for local work. */
export const ReturnUrl = z
  .string()
  .max(500)
  .refine(isPlainAddress, { error: 'must be https, or http on localhost, without spaces and without a user' })
  .meta({ format: 'uri', description: 'https, or http on localhost.' });

/** A whole number in an address, in plain digits: `0x5`, `1e1`, `+5` and an empty one are none. */
export const inDigits = <Whole extends z.ZodType>(whole: Whole) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value),
    whole,
  );

export const WholeNumber = z.int({ error: 'must be a whole number in digits, like 20' });

export const PageLimit = inDigits(WholeNumber.min(1).max(100).default(20)).describe('How many at most.');

/**
 * A cursor page: `limit` (1 to 100) and `after`, the `nextCursor` of the page before. Each list says what its cursors are:
 * what is none is refused as `platform.invalid_cursor`, never read as some page.
 */
export const pageQuery = (isCursor: (text: string) => boolean) => ({
  limit: PageLimit,
  after: z
    .string()
    .max(200)
    .refine(isCursor, { error: 'must be the `nextCursor` of the page before' })
    .optional()
    .describe('The `nextCursor` of the page before.'),
});

/** Of a list in the order of its ids. */
export const pageById = (prefix: string) => pageQuery((text) => isId(prefix, text));

export const pageOf = <Item>(item: z.ZodType<Item>) =>
  z.strictObject({ data: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page.') });

import { isAccountId, isCountry } from '@quittance/kernel';
import { isInterval, isSupportedCurrency, money, parseMoney, SUPPORTED_CURRENCIES, toDecimal } from '@quittance/money';
import { z } from 'zod';

const empty = (value: unknown): unknown => (value === '' || value === null ? undefined : value);
const optional = <T extends z.ZodType>(shape: T) => z.preprocess(empty, shape.optional());
/** Of a spreadsheet as well as of JSON. */
const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])], { error: 'must be true or false' })
  .transform((value) => value === true || value === 'true' || value === '1');
/** A day, at midnight UTC, or an instant with its offset: never a time whose zone is guessed. */
const instant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'must be a day like 2024-01-31, or an instant with its offset',
  })
  .transform((value) => new Date(value));
const text = () => z.string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') });
/** An id of another system: printable, so that a report of it is one line. */
const word = (charactersMax: number) =>
  text()
    .regex(/^[^\p{C}\uFFFD]+$/u, 'must be text, not empty and without control characters')
    .max(charactersMax);
/** Many platforms number their records: a number is the text of it, and has no spaces around it, as in a spreadsheet. */
const reference = z.preprocess(
  (value) => (Number.isSafeInteger(value) ? String(value) : typeof value === 'string' ? value.trim() : value),
  word(200),
);
const quantity = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error: 'must be a whole number from 1 on' })
  .pipe(z.int('must be a whole number from 1 on').min(1, 'must be 1 or more').max(100_000, 'must be 100000 or less'));
const atStripe = (pattern: RegExp, like: string) =>
  optional(z.string().regex(pattern, `must be an id of Stripe like ${like}`));

/** Of one period, in minor units: more than any rail collects at once is a typing mistake. */
const PERIOD_MINOR_MAX = 100_000_000_000n;

const COLUMNS = z.strictObject({
  legacy_id: reference,
  account: text().refine(isAccountId, { error: 'must be an account id of AuthGate' }),
  product: word(64),
  plan: word(64),
  status: optional(z.enum(['active', 'trialing', 'past_due', 'suspended', 'paused', 'cancelled'])),
  interval: text().refine(isInterval, { error: 'must be month, year, or a duration like P90D' }),
  quantity: optional(quantity),
  /** Of one unit and period, in major units: `19.99`, or `19,99` as half of the world writes it. */
  price: z.union([z.string(), z.number().transform(String)], { error: 'is missing' }),
  currency: text().refine(isSupportedCurrency, {
    error: `must be one that prices may be set in: ${SUPPORTED_CURRENCIES.join(', ')}`,
  }),
  tax_behavior: optional(z.enum(['exclusive', 'inclusive'])),
  started_at: instant,
  period_start: optional(instant),
  period_end: optional(instant),
  ended_at: optional(instant),
  cancel_at_period_end: optional(flag),
  renewal_owner: optional(z.enum(['platform', 'stripe'])),
  stripe_subscription: atStripe(/^sub_\w{1,190}$/, 'sub_…'),
  country: optional(z.string().refine(isCountry, { error: 'must be an ISO 3166-1 code of a country like FR' })),
  stripe_customer: atStripe(/^cus_\w{1,190}$/, 'cus_…'),
  stripe_payment_method: atStripe(/^(pm|card|src)_\w{1,190}$/, 'pm_…'),
});

export const FILE_COLUMNS: readonly string[] = Object.keys(COLUMNS.shape);

/** A row of a file, of whatever form. */
export const FileRow = COLUMNS.transform((row, context) => {
  const unitPrice = parseMoney(row.price.replace(/^([^.,]*),([^.,]*)$/, '$1.$2'), row.currency);
  const problem =
    unitPrice === null || unitPrice.amountMinor < 0n
      ? `must be a decimal of ${row.currency} like ${toDecimal(money(1999n, row.currency))}, not negative and with no more digits than it has`
      : unitPrice.amountMinor * BigInt(row.quantity ?? 1) > PERIOD_MINOR_MAX
        ? 'is more than a period can cost: was it written in minor units?'
        : null;
  if (unitPrice !== null && problem === null) return { ...row, unitPrice };
  context.addIssue({ code: 'custom', path: ['price'], message: problem ?? '' });
  return z.NEVER;
});

export type FileRow = z.output<typeof FileRow>;

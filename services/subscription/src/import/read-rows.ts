import { createHash } from 'node:crypto';

import { assert, isAccountId, platformFail, toError } from '@quittance/kernel';
import { isCurrency, isInterval, type Money, parseMoney } from '@quittance/money';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

import { type ImportLine } from '../application/index.ts';

/** A line of the file: what it says, or what is wrong with it. */
export type ReadLine = { readonly line: number; readonly legacyId: string } & (
  | { readonly read: ImportLine }
  | { readonly problem: string }
);

export const ROWS_MAX = 100_000;

const empty = (value: unknown): unknown => (value === '' || value === null ? undefined : value);
const optional = <T extends z.ZodType>(shape: T) => z.preprocess(empty, shape.optional());
/** Of a spreadsheet as well as of JSON. */
const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');
/** A day, at midnight UTC, or an instant with its offset: never a time whose zone is guessed. */
const instant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'must be a day like 2024-01-31, or an instant with its offset',
  })
  .transform((value) => new Date(value));

const Row = z
  .strictObject({
    legacy_id: z.string().min(1).max(200),
    account: z.string().refine(isAccountId, { error: 'must be an account id of AuthGate' }),
    product: z.string().min(1).max(64),
    plan: z.string().min(1).max(64),
    status: optional(z.enum(['active', 'trialing', 'past_due', 'suspended', 'paused', 'cancelled'])),
    interval: z.string().refine(isInterval, { error: 'must be month, year, or a duration like P90D' }),
    quantity: optional(z.coerce.number().int().min(1).max(100_000)),
    /** Of one unit and period, in major units: `19.99`. */
    price: z.union([z.string(), z.number().transform(String)]),
    currency: z.string().refine(isCurrency, { error: 'must be an ISO 4217 code like USD' }),
    tax_behavior: optional(z.enum(['exclusive', 'inclusive'])),
    started_at: instant,
    period_start: optional(instant),
    period_end: optional(instant),
    ended_at: optional(instant),
    cancel_at_period_end: optional(flag),
    renewal_owner: optional(z.enum(['platform', 'stripe'])),
    stripe_subscription: optional(z.string().regex(/^sub_\w{1,190}$/, 'must be an id of Stripe like sub_…')),
  })
  .transform((row, context) => {
    const unitPrice = parseMoney(row.price, row.currency);
    if (unitPrice !== null && unitPrice.amountMinor >= 0n) return { ...row, unitPrice };
    const message = `must be a decimal of ${row.currency} like 19.99, not negative and with no more digits than it has`;
    context.addIssue({ code: 'custom', path: ['price'], message });
    return z.NEVER;
  });

/** CSV with a header line, or a JSON array of objects with the same names. Bad rows are told, the others go on. */
export const readRows = (text: string, kind: 'csv' | 'json'): readonly ReadLine[] => {
  const records = kind === 'csv' ? csvRecords(text) : jsonRecords(text);
  if (records.length > ROWS_MAX) {
    throw platformFail('platform.invalid_request', `The file has more than ${ROWS_MAX} rows: split it.`);
  }
  // In a spreadsheet the first row of data is line 2.
  const first = kind === 'csv' ? 2 : 1;
  return records.map((record, index) => readLine(record, index + first));
};

const csvRecords = (text: string): readonly unknown[] => {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, delimiter: [',', ';'] });
  } catch (error) {
    throw platformFail('platform.invalid_request', `The file is no CSV with a header line: ${toError(error).message}`);
  }
};

const jsonRecords = (text: string): readonly unknown[] => {
  const problem = 'The file must be a JSON array of objects.';
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed;
  } catch (error) {
    throw platformFail('platform.invalid_request', `${problem} ${toError(error).message}`);
  }
  throw platformFail('platform.invalid_request', problem);
};

const readLine = (record: unknown, line: number): ReadLine => {
  const named = z.looseObject({ legacy_id: z.coerce.string() }).safeParse(record);
  const legacyId = named.success ? named.data.legacy_id : '?';
  const row = Row.safeParse(record);
  if (!row.success) return { line, legacyId, problem: row.error.issues.map(told).join(' · ') };
  return { line, legacyId, read: { row: fromFileRow(row.data), fingerprint: fingerprintOf(row.data) } };
};

const told = ({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string =>
  path.length === 0 ? message : `${path.map(String).join('.')} ${message}`;

const fromFileRow = (row: z.output<typeof Row>): ImportLine['row'] => {
  assert(isAccountId(row.account), `not an account id: ${row.account}`);
  return {
    legacyId: row.legacy_id,
    accountId: row.account,
    productKey: row.product,
    planKey: row.plan,
    status: row.status ?? 'active',
    interval: row.interval,
    quantity: row.quantity ?? 1,
    unitPrice: row.unitPrice,
    taxBehavior: row.tax_behavior ?? 'exclusive',
    startedAt: row.started_at,
    periodStart: row.period_start ?? null,
    periodEnd: row.period_end ?? null,
    endedAt: row.ended_at ?? null,
    cancelAtPeriodEnd: row.cancel_at_period_end ?? false,
    renewalOwner: row.renewal_owner ?? (row.stripe_subscription === undefined ? 'platform' : 'stripe'),
    stripeSubscription: row.stripe_subscription ?? null,
  };
};

/** Of what the row means, so that the order of columns and the form of the file do not matter. */
const fingerprintOf = ({ unitPrice, ...row }: z.output<typeof Row>): string => {
  const meaning = { ...row, price: priceText(unitPrice) };
  const sorted = Object.entries(meaning)
    .filter(([, value]) => value !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
};

const priceText = ({ amountMinor, currency }: Money): string => `${amountMinor} ${currency}`;

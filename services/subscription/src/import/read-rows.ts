import { createHash } from 'node:crypto';

import { assert, isAccountId, platformFail, toError } from '@quittance/kernel';
import { type Money } from '@quittance/money';
import { holdsCardNumber } from '@quittance/runtime';
import { z } from 'zod';

import { type ImportLine } from '../application/index.ts';
import { csvLines, type FileRecord } from './csv-lines.ts';
import { FILE_COLUMNS, FileRow } from './file-row.ts';

/** A line of the file: what it says, or what is wrong with it. */
export type ReadLine = { readonly line: number; readonly legacyId: string } & (
  | { readonly read: ImportLine }
  | { readonly problem: string }
);

export const ROWS_MAX = 100_000;

/** Of a row that does not say who it is, or says it with what must not be shown. */
const NAMELESS = '?';

/**
 * CSV with a header line, or a JSON array of objects with the same names: one answer per record, whatever is wrong with
 * it, so that the others go on.
 */
export const readRows = (text: string, kind: 'csv' | 'json'): readonly ReadLine[] => {
  const records = kind === 'csv' ? csvLines(text, FILE_COLUMNS) : jsonRecords(text);
  if (records.length > ROWS_MAX) {
    throw platformFail('platform.invalid_request', `The file has more than ${ROWS_MAX} rows: split it.`);
  }
  return records.map(readLine);
};

const jsonRecords = (text: string): readonly FileRecord[] => {
  const problem = 'The file must be a JSON array of objects.';
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (Array.isArray(parsed)) return parsed.map((record: unknown, index) => ({ line: index + 1, record }));
  } catch (error) {
    throw platformFail('platform.invalid_request', `${problem} ${toError(error).message}`);
  }
  throw platformFail('platform.invalid_request', problem);
};

const readLine = (found: FileRecord): ReadLine => {
  const { line } = found;
  if ('problem' in found) return { line, legacyId: NAMELESS, problem: found.problem };
  const { record } = found;
  // Before anything else is said of it: what is told is printed.
  if (textsOf(record).some(holdsCardNumber)) {
    const problem = 'It holds what looks like a card number. Take it out of the file: nothing here may ever see one.';
    return { line, legacyId: NAMELESS, problem };
  }
  const legacyId = nameOf(record);
  if (textOf(record).includes('\uFFFD')) {
    return { line, legacyId, problem: 'It has bytes that are not UTF-8: save the file as UTF-8.' };
  }
  const row = FileRow.safeParse(record);
  if (!row.success) return { line, legacyId, problem: row.error.issues.map(told).join(' · ') };
  return { line, legacyId, read: { row: fromFileRow(row.data), fingerprint: fingerprintOf(row.data) } };
};

const textOf = (record: unknown): string => JSON.stringify(record) ?? '';

/** As they are, not as JSON writes them: `\t` has a letter, and no number goes on over a letter. Names are texts too. */
const textsOf = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => [name, ...textsOf(inner)]);
};

const nameOf = (record: unknown): string => {
  const named = z.looseObject({ legacy_id: z.union([z.string(), z.number()]) }).safeParse(record);
  const name = named.success ? String(named.data.legacy_id).trim().slice(0, 200) : '';
  return name === '' || /[\p{C}\uFFFD]/u.test(name) ? NAMELESS : name;
};

const told = ({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string =>
  path.length === 0 ? message : `${path.map(String).join('.')} ${message}`;

const fromFileRow = (row: FileRow): ImportLine['row'] => {
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
    country: row.country ?? null,
    stripeCustomer: row.stripe_customer ?? null,
    stripePaymentMethod: row.stripe_payment_method ?? null,
  };
};

/** Of what the row means, so that the order of columns and the form of the file do not matter. */
const fingerprintOf = ({ unitPrice, ...row }: FileRow): string => {
  const meaning = { ...row, price: priceText(unitPrice) };
  const sorted = Object.entries(meaning)
    .filter(([, value]) => value !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
};

const priceText = ({ amountMinor, currency }: Money): string => `${amountMinor} ${currency}`;

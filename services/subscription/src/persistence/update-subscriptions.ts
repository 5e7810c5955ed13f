import { guarded, lostRace, statementWrite } from '@quittance/database';
import { type Write } from '@quittance/kernel';

import { type SubscriptionUpdate } from '../application/index.ts';
import { toRowSubscription } from './subscription-row.ts';

/**
 * Many subscriptions in one statement, each only if it still has the version it was read with: when one has not, none is
 * changed and it fails with `platform.version_conflict`. Whatever was claimed is free again.
 */
export const updateSubscriptions = (changes: readonly SubscriptionUpdate[]): Write => {
  const rows = changes.map(({ before, after }) => ({ ...toJsonRow(after), expected_version: String(before.version) }));
  const update = { text: UPDATE, values: [JSON.stringify(rows)] };
  return statementWrite(guarded(update, lostRace(`One of ${changes.length} subscriptions`), changes.length));
};

/** Column and type of everything that can change; `jsonb_to_recordset` reads each from text of its own type. */
const COLUMNS = {
  plan_id: 'text',
  plan_version_id: 'text',
  plan_key: 'text',
  plan_name: 'text',
  status: 'text',
  interval: 'text',
  items: 'jsonb',
  price_minor: 'bigint',
  currency: 'text',
  renewal_minor: 'bigint',
  renewal_price_minor: 'bigint',
  renewal_coupon: 'jsonb',
  change_charges_at: 'timestamptz',
  anchor_at: 'timestamptz',
  period_start: 'timestamptz',
  period_end: 'timestamptz',
  period_kind: 'text',
  period_paid_minor: 'bigint',
  period_counted_from: 'timestamptz',
  tax_rate_ppm: 'integer',
  access_until: 'timestamptz',
  trial_end: 'timestamptz',
  replaces_id: 'text',
  cancel_at_period_end: 'boolean',
  cancelled_at: 'timestamptz',
  paused_at: 'timestamptz',
  resumes_at: 'timestamptz',
  suspended_by: 'text',
  suspended_at: 'timestamptz',
  renewal_owner: 'text',
  renewing_from: 'timestamptz',
  due_at: 'timestamptz',
  due_kind: 'text',
  version: 'bigint',
  updated_at: 'timestamptz',
} as const;

const names = Object.keys(COLUMNS);
const definitions = Object.entries(COLUMNS).map(([name, type]) => `"${name}" ${type}`);

const UPDATE = `
  UPDATE subscriptions AS s SET claimed_until = NULL, ${names.map((name) => `"${name}" = c."${name}"`).join(', ')}
  FROM jsonb_to_recordset($1::text::jsonb) AS c (id text, expected_version bigint, ${definitions.join(', ')})
  WHERE s.id = c.id AND s.version = c.expected_version`;

const toJsonRow = (after: SubscriptionUpdate['after']): Readonly<Record<string, unknown>> => {
  const row: Readonly<Record<string, unknown>> = toRowSubscription(after);
  const columns = names.map((name): [string, unknown] => [name, toJsonValue(row[camelCase(name)])]);
  return { id: after.id, ...Object.fromEntries(columns) };
};

const toJsonValue = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

const camelCase = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

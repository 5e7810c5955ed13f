import { readFile } from 'node:fs/promises';

import { must } from '@quittance/kernel';
import { makeServiceGround, type ServiceGround } from '@quittance/testkit';
import { expect } from 'chai';

const FOLDER = new URL('../../prisma/migrations/20261128160000_what_a_period_is_counted_from/', import.meta.url);

interface Row {
  readonly id: string;
  readonly period: readonly [string, string];
  readonly interval?: string;
  readonly paidMinor: number;
  /** Where the next periods are counted from; its end unless told. */
  readonly anchor?: string;
  /** Null: nothing was paid here yet. */
  readonly taxed?: boolean;
  readonly imported?: boolean;
  readonly change?: { readonly kind: string; readonly chargeMinor: number; readonly effect: object };
}

/** On a plan for 200.00 a month; a change led to it from one for 100.00. */
const ROWS: readonly Row[] = [
  { id: 'plain', period: ['2027-06-01', '2027-07-01'], anchor: '2027-06-01', paidMinor: 20_000 },
  { id: 'of_the_31st', period: ['2027-02-28', '2027-03-31'], anchor: '2027-01-31', paidMinor: 20_000 },
  // 100.00 for June and 15 ÷ 30 × 100.00
  {
    id: 'went_up',
    period: ['2027-06-01', '2027-07-01'],
    anchor: '2027-06-01',
    paidMinor: 15_000,
    change: { kind: 'upgrade', chargeMinor: 5000, effect: { kind: 'keep', anchorAt: null } },
  },
  { id: 'stood_40_days', period: ['2027-06-01', '2027-08-10'], paidMinor: 20_000 },
  { id: 'stood_a_quarter', period: ['2027-06-01', '2027-09-10'], interval: 'P90D', paidMinor: 20_000 },
  {
    id: 'converted',
    period: ['2027-06-16', '2027-08-30'],
    paidMinor: 50_000,
    change: {
      kind: 'immediate_convert',
      chargeMinor: 0,
      effect: { kind: 'begin', period: { start: '2027-06-16T00:00:00.000Z', end: '2027-08-30T00:00:00.000Z' } },
    },
  },
  {
    id: 'changed_then_stood',
    period: ['2027-06-16', '2027-08-25'],
    paidMinor: 20_000,
    change: {
      kind: 'upgrade',
      chargeMinor: 20_000,
      effect: { kind: 'begin', period: { start: '2027-06-16T00:00:00.000Z', end: '2027-07-16T00:00:00.000Z' } },
    },
  },
  { id: 'imported', period: ['2027-06-01', '2027-09-01'], paidMinor: 20_000, taxed: false, imported: true },
  { id: 'imported_month', period: ['2027-07-01', '2027-08-01'], paidMinor: 20_000, taxed: false, imported: true },
  { id: 'imported_then_stood', period: ['2027-06-01', '2027-08-10'], paidMinor: 20_000, imported: true },
];

describe('rows from before it was said what a period is counted from', () => {
  it('read as what was paid, what stood still and what is of another length', async () => {
    const ground = await makeServiceGround('subscription');
    const client = ground.owner;
    const sql = await readFile(new URL('migration.sql', FOLDER), 'utf8');
    const data = sql.slice(must(/^UPDATE/m.exec(sql), 'what is done to rows').index);
    for (const row of ROWS) await insert(client, row);

    await client.query(data);

    const { rows } = await client.query<{ id: string; paid: string; from: string | null }>(`
      SELECT id, period_paid_minor::text AS paid, to_char(period_counted_from AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS from
      FROM subscriptions`);
    await ground.end();
    const found = Object.fromEntries(rows.map(({ id, paid, from }) => [id, [paid, from]]));
    expect(found).to.deep.equal({
      plain: ['20000', null],
      of_the_31st: ['20000', null],
      went_up: ['20000', null],
      stood_40_days: ['20000', '2027-07-11'],
      stood_a_quarter: ['20000', '2027-06-12'],
      converted: ['50000', null],
      changed_then_stood: ['20000', '2027-07-26'],
      imported: ['60000', null],
      imported_month: ['20000', null],
      imported_then_stood: ['20000', '2027-07-11'],
    });
  });
});

const insert = async (client: ServiceGround['owner'], row: Row): Promise<void> => {
  const { id, period, interval = 'month', paidMinor, anchor = period[1], taxed = true, imported = false, change } = row;
  const [start, end, anchorAt] = [...period, anchor].map((day) => `${day}T00:00:00Z`);
  await client.query(
    `INSERT INTO subscriptions (id, account_id, product_id, product_key, plan_id, plan_version_id, plan_key, plan_name,
       status, interval, price_minor, currency, anchor_at, period_start, period_end, period_kind, period_paid_minor,
       tax_rate_ppm, version, created_at, updated_at)
     VALUES ($1, $1, 'prd', 'automation', 'pln', 'plv', 'standard', 'Standard',
       'active', $2, 20000, 'USD', $3, $4, $5, 'paid', $6, $7, 1, $4, $4)`,
    [id, interval, anchorAt, start, end, paidMinor, taxed ? 200_000 : null],
  );
  if (imported) {
    await client.query(
      `INSERT INTO legacy_links (source, reference, subscription_id, report_version) VALUES ('import', $1, $1, 0)`,
      [id],
    );
  }
  if (change === undefined) return;
  const target = {
    items: [{ quantity: 1, unitPriceMinor: '20000' }],
    basedOn: { price: { amountMinor: '10000', currency: 'USD' } },
    effect: change.effect,
  };
  await client.query(
    `INSERT INTO subscription_changes (id, subscription_id, account_id, kind, status, effective_at, target, charge_minor,
       currency, version, created_at, settled_at)
     VALUES ($1, $1, $1, $2, 'applied', $3, $4, $5, 'USD', 1, $3, $3)`,
    [id, change.kind, '2027-06-16T00:00:00Z', JSON.stringify(target), change.chargeMinor],
  );
};

import { type StoringService } from '@quittance/local';

import { type Truths } from '../truths.ts';
import { type Check, violation } from './check.ts';

/** Work that somebody has begun: none of it is left when all is quiet. What waits for a person has ended. */
const UNDER_WAY = [
  [
    'payments-card',
    "SELECT id, state FROM orders WHERE state IN ('opening', 'charging', 'closing') AND parked_code IS NULL",
    'order',
  ],
  ['subscription', "SELECT id, status AS state FROM checkouts WHERE status = 'opening'", 'checkout'],
  // A claim goes with the work that it was made for.
  ['subscription', "SELECT id, 'claimed' AS state FROM subscriptions WHERE claimed_until IS NOT NULL", 'subscription'],
  [
    'subscription',
    "SELECT checkout_id AS id, status AS state FROM coupon_claims WHERE status = 'asked'",
    'coupon claim of',
  ],
] as const satisfies readonly (readonly [StoringService, sql: string, what: string])[];

/** L1: orders, checkouts, claims and queues; unsent messages and undelivered webhooks are counted by I5 and I4. */
export const allWorkEnds: Check = async (truths) => {
  const left = UNDER_WAY.map(async ([service, sql, what]) => {
    const rows = await truths.rows<{ id: string; state: string }>(service, sql);
    return rows.map(({ id, state }) => violation('L1', 'stuck', `${what} ${id} is still ${state}`));
  });
  const [rows, queues, ends] = await Promise.all([Promise.all(left), truths.queues(), unheardEnds(truths)]);
  return [
    ...rows.flat(),
    ...queues
      // A dead letter without a record is I6.
      .filter(({ name, messages }) => messages > 0 && !name.endsWith('.dead'))
      .map(({ name, messages }) => violation('L1', 'stuck', `${messages} messages wait in ${name}`)),
    ...ends.map((id) => violation('L1', 'stuck', `order ${id} has ended at the rail, and the books wait for it`)),
  ];
};

const unheardEnds = async (truths: Truths): Promise<readonly string[]> => {
  const [ended, waiting] = await Promise.all([
    truths.rows<{ id: string }>(
      'payments-card',
      "SELECT id FROM orders WHERE state IN ('completed', 'failed', 'expired')",
    ),
    truths.rows<{ id: string }>('invoicing', "SELECT id FROM collection_orders WHERE status = 'open'"),
  ]);
  const over = new Set(ended.map(({ id }) => id));
  return waiting.filter(({ id }) => over.has(id)).map(({ id }) => id);
};

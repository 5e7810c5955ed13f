import { STORING_SERVICES, type StoringService } from '@quittance/local';

import { type Violation } from '../fault.ts';
import { type Truths } from '../truths.ts';
import { type Check, compare, countBy, violation } from './check.ts';

/** I7: one record per committed action and per state that was reached, in both directions; every record is sealed. */
export const everythingAudited: Check = async (truths) => {
  const [sent, states, seals] = await Promise.all([recordsSent(truths), statesRecorded(truths), sealed(truths)]);
  return [...sent, ...states, ...seals];
};

/** What the services meant to record ↔ what is stored. */
const recordsSent = async (truths: Truths): Promise<readonly Violation[]> => {
  const kept = await truths.rows<{ id: string }>('audit', 'SELECT id FROM audit_records');
  const intended = await Promise.all(
    STORING_SERVICES.map((service) =>
      truths.rows<{ id: string }>(
        service,
        "SELECT envelope->'data'->>'recordId' AS id FROM platform.outbox WHERE type = 'audit.record-action'",
      ),
    ),
  );
  const actions = new Map(intended.flat().map(({ id }) => [id, 1]));
  return compare('I7 action ↔ record', actions, countBy(kept.map(({ id }) => id)));
};

/** No record waits for its seal, and each seal follows from the one before. The hashes themselves are checked once. */
const sealed = async (truths: Truths): Promise<readonly Violation[]> => {
  const [counts] = await truths.rows<{ records: number; seals: number; unsealed: number; broken: number }>(
    'audit',
    `SELECT (SELECT count(*)::int FROM audit_records) AS records, (SELECT count(*)::int FROM audit_unsealed) AS unsealed,
       count(*)::int AS seals,
       count(*) FILTER (WHERE place <> sequence OR (before IS NOT NULL AND before <> prev_hash))::int AS broken
     FROM (SELECT sequence, prev_hash, row_number() OVER w AS place, lag(hash) OVER w AS before
           FROM audit_seals WINDOW w AS (ORDER BY sequence)) AS chain`,
  );
  if (counts === undefined) return [];
  const { records, seals, unsealed, broken } = counts;
  return [
    ...(records === seals && unsealed === 0
      ? []
      : [violation('I7', 'stuck', `${seals} of ${records} records are sealed, ${unsealed} wait for it`)]),
    ...(broken === 0 ? [] : [violation('I7', 'unbalanced', `${broken} links of the audit chain do not fit`)]),
  ];
};

/** A state that rows are in, and what must have been written down when they got there. */
interface Trail {
  readonly actions: readonly string[];
  readonly service: StoringService;
  /** An id per record that must be there. */
  readonly due: string;
  /** Ids of which there may be one as well: states that a later one has overruled. */
  readonly allowed?: string;
}

const statesRecorded = async (truths: Truths): Promise<readonly Violation[]> => {
  const records = await truths.rows<{ action: string; id: string; count: number }>(
    'audit',
    `SELECT action, subject_id AS id, count(*)::int AS count FROM audit_records
     WHERE result <> 'denied' AND action = ANY ($1::text[]) GROUP BY action, subject_id`,
    [TRAILS.flatMap(({ actions }) => actions)],
  );
  const judged = await Promise.all(
    TRAILS.map(async (trail) => {
      const [due, allowed] = await Promise.all([
        idsOf(truths, trail.service, trail.due),
        trail.allowed === undefined ? [] : idsOf(truths, trail.service, trail.allowed),
      ]);
      return judgeTrail(trail, { due: countBy(due), allowed: new Set(allowed), records });
    }),
  );
  return judged.flat();
};

const idsOf = async (truths: Truths, service: StoringService, sql: string): Promise<readonly string[]> => {
  const rows = await truths.rows<{ id: string }>(service, sql);
  return rows.map(({ id }) => id);
};

const judgeTrail = (
  { actions }: Trail,
  facts: {
    readonly due: ReadonlyMap<string, number>;
    readonly allowed: ReadonlySet<string>;
    readonly records: readonly { readonly action: string; readonly id: string; readonly count: number }[];
  },
): readonly Violation[] => {
  const counts = new Map<string, number>();
  for (const { action, id, count } of facts.records) {
    const overruled = facts.allowed.has(id) && !facts.due.has(id) && count === 1;
    if (actions.includes(action) && !overruled) counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return compare(`I7 state ↔ ${actions.join(' or ')}`, facts.due, counts);
};

const OVER = 'SELECT id FROM checkouts WHERE status =';

const TRAILS: readonly Trail[] = [
  { actions: ['checkout.created'], service: 'subscription', due: 'SELECT id FROM checkouts WHERE change_id IS NULL' },
  ...(['expired', 'failed', 'superseded'] as const).map((status): Trail => ({
    actions: [`checkout.${status}`],
    service: 'subscription',
    due: `${OVER} '${status}'`,
    // Money that came late has overruled it.
    allowed: `${OVER} 'completed'`,
  })),
  {
    actions: ['subscription.activated', 'subscription.activation_parked'],
    service: 'subscription',
    due: "SELECT subscription_id AS id FROM checkouts WHERE status = 'completed' AND change_id IS NULL",
  },
  {
    actions: ['subscription.renewal_begun'],
    service: 'invoicing',
    due: "SELECT subscription_id AS id FROM invoices WHERE kind = 'renewal'",
  },
  { actions: ['invoice.drafted'], service: 'invoicing', due: 'SELECT id FROM invoices' },
  { actions: ['invoice.issued'], service: 'invoicing', due: 'SELECT id FROM invoices WHERE issued_at IS NOT NULL' },
  { actions: ['invoice.carried'], service: 'invoicing', due: 'SELECT id FROM invoices WHERE carried_at IS NOT NULL' },
  { actions: ['invoice.paid'], service: 'invoicing', due: "SELECT id FROM invoices WHERE status = 'paid'" },
  { actions: ['invoice.voided'], service: 'invoicing', due: "SELECT id FROM invoices WHERE status = 'void'" },
  {
    actions: ['payment.to_balance'],
    service: 'invoicing',
    due: "SELECT id FROM payments WHERE applied_to = 'balance'",
  },
  {
    actions: ['order.opened'],
    service: 'payments-card',
    due: 'SELECT id FROM orders WHERE charge_key IS NULL AND provider_reference IS NOT NULL',
  },
  { actions: ['payment.completed'], service: 'payments-card', due: 'SELECT order_id AS id FROM payments' },
  {
    actions: ['payment.declined'],
    service: 'payments-card',
    due: "SELECT order_id AS id FROM order_attempts WHERE outcome = 'declined'",
  },
  {
    actions: ['order.expired'],
    service: 'payments-card',
    due: "SELECT id FROM orders WHERE state = 'expired'",
    allowed: "SELECT id FROM orders WHERE state = 'completed'",
  },
  {
    actions: ['order.failed'],
    service: 'payments-card',
    due: `SELECT id FROM orders o WHERE state = 'failed'
      AND NOT EXISTS (SELECT 1 FROM order_attempts a WHERE a.order_id = o.id AND a.outcome = 'declined')`,
    allowed: "SELECT id FROM orders WHERE state = 'completed'",
  },
  {
    actions: ['webhook.received'],
    service: 'payments-card',
    due: "SELECT id FROM provider_events WHERE type LIKE 'checkout.session.%' OR type = 'charge.refunded'",
    // Others are told of where no event of the session brings the same news.
    allowed: 'SELECT id FROM provider_events',
  },
  {
    actions: ['coupon.confirmed'],
    service: 'catalog',
    due: "SELECT coupon_id AS id FROM coupon_claims WHERE status = 'confirmed'",
  },
];

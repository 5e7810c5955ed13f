import { type DurableStep } from '@quittance/runtime';

/** In which step each writing statement of a file is carried out, and how many there are; or why it needs none. */
type WritesOf = Partial<Record<DurableStep, number>> | { readonly writes: number; readonly why: string };

const TRANSPORT = 'It is the bus itself: whoever publishes or settles is inside relay.publish or a consumer step.';

/** Every file that writes. A statement that is added or moved is named here, or a test fails. */
export const DURABLE_WRITES: Readonly<Record<string, WritesOf>> = {
  'packages/bus/src/postgres/delivery-table.ts': { writes: 8, why: TRANSPORT },
  'packages/database/src/dead-letter-store.ts': { 'dead_letter.store': 1, 'unit_of_work.commit': 1 },
  'packages/database/src/idempotency-store.ts': {
    'idempotency.begin': 1,
    'idempotency.save': 1,
    'idempotency.release': 1,
  },
  'packages/database/src/inbox-store.ts': { 'inbox.mark': 1, 'unit_of_work.commit': 1 },
  'packages/database/src/insert-outbox.ts': { 'unit_of_work.commit': 1 },
  'packages/database/src/migrate/migrate-database.ts': { writes: 1, why: 'A migration runs before any service does.' },
  'packages/database/src/open-database.ts': { writes: 1, why: 'The transaction that loads the compiler reads only.' },
  'packages/database/src/outbox-store.ts': { 'relay.mark_sent': 1 },
  'packages/database/src/retention.ts': {
    writes: 3,
    why: 'It deletes what nobody needs any more, each statement by itself: left undone, the next run does it.',
  },
  'packages/database/src/rows.ts': { 'unit_of_work.commit': 1 },
  'packages/database/src/unit-of-work.ts': { 'unit_of_work.commit': 2 },
  'services/audit/src/persistence/chain-store.ts': { 'audit.seal': 3 },
  'services/audit/src/persistence/record-store.ts': { 'audit.store': 3 },
  'services/catalog/src/persistence/coupon-store.ts': { 'unit_of_work.commit': 9 },
  'services/gateway/src/persistence/absences.ts': {
    writes: 1,
    why: 'It forgets that there is nothing; left undone, the next run does it.',
  },
  'services/gateway/src/persistence/entitlement-writes.ts': { 'unit_of_work.commit': 3 },
  'services/invoicing/src/persistence/number-series.ts': { 'unit_of_work.commit': 2 },
  'services/invoicing/src/persistence/sellers.ts': {
    writes: 1,
    why: 'At the start, before the door opens, and the same again at the next start.',
  },
  'services/payments-card/src/persistence/orders.ts': {
    'order.claim': 1,
    'order.put_back': 1,
    'unit_of_work.commit': 1,
  },
  'services/payments-card/src/persistence/provider-events.ts': {
    'provider_event.claim': 1,
    'provider_event.put_back': 1,
  },
  'services/subscription/src/persistence/coupons.ts': { 'unit_of_work.commit': 1 },
  'services/subscription/src/persistence/due-subscriptions.ts': { 'due.claim': 1, 'due.release': 1 },
  'services/subscription/src/persistence/plan-moves.ts': {
    'plan_move.claim': 1,
    'plan_move.release': 1,
    'unit_of_work.commit': 1,
  },
  'services/subscription/src/persistence/update-subscriptions.ts': { 'unit_of_work.commit': 1 },
};

export const countOf = (writes: WritesOf): number =>
  'why' in writes ? writes.writes : Object.values(writes).reduce((sum, count) => sum + count, 0);

/** SQL that writes, models of a client that is no transaction's, and transactions that are begun. */
const WRITES = [
  /\bINSERT INTO\s/g,
  /\bDELETE FROM\s/g,
  /\bMERGE INTO\s/g,
  /\bUPDATE (?!SET\b)[\w."]+(?: (?:AS )?\w+)?\s+SET\s/g,
  /\bclient\.\w+\.(?:create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany)\(/g,
  /(?:\.transact|\$transaction)\(/g,
];

/** How many writing statements the text has. */
export const writesIn = (text: string): number =>
  WRITES.reduce((sum, pattern) => sum + [...text.matchAll(pattern)].length, 0);

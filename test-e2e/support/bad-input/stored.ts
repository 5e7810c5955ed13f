import pg from 'pg';

/** What is stored, part by part: `invoicing: public.invoices` → how many rows, and a digest of every word in them. */
export type Stored = Readonly<Record<string, string>>;

/**
 * What bad input may leave: the record of who was turned away. And what callers here do for themselves: hand-offs, by
 * which they become somebody, and a look at their own portal.
 */
const EXPECTED =
  "ARRAY['access.denied', 'webhook.denied', 'handoff.created', 'handoff.used', 'portal_session.created']";
/** As callers name the owner of an account. */
const OWNER = "'usr_of_%'";

/** Changes that nobody asked for: services say every few seconds that they live, and workers that they still look. */
const BY_THEMSELVES: ReadonlySet<string> = new Set(['gateway: public.subscription_beat']);
const BEAT = 'subscription.beat.v1';

/** Few, while denials may be many. */
const notExpected = (record: string): string =>
  `${record} IN (SELECT id FROM audit_records WHERE action <> ALL (${EXPECTED}))`;

/** Rows that count, where not all of a table do. That an account has nothing is remembered when somebody may ask. */
const ROWS_OF: Readonly<Record<string, string>> = {
  'audit: public.audit_records': `action <> ALL (${EXPECTED})`,
  'audit: public.audit_payloads': notExpected('record_id'),
  'audit: public.audit_seals': notExpected('record_id'),
  'audit: public.audit_unsealed': notExpected('record_id'),
  'gateway: public.entitlement_documents': 'document IS NOT NULL',
  'gateway: public.handoffs': `owner NOT LIKE ${OWNER}`,
};

/** Of one service: every table of its own, and of the platform’s those that hold what somebody said or did. */
export const storedBy = async (service: string, pool: pg.Pool): Promise<readonly (readonly [string, string])[]> => {
  const { rows: tables } = await pool.query<{ table: string }>(
    `SELECT table_name AS table FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const own = tables
    .map(({ table }) => ({ name: `${service}: public.${table}`, table }))
    .filter(({ name }) => !BY_THEMSELVES.has(name))
    .map(({ name, table }) => {
      const from = `${pg.escapeIdentifier(table)} t WHERE ${ROWS_OF[name] ?? 'true'}`;
      return `SELECT ${pg.escapeLiteral(name)} AS part, ${digestOf('t')} AS told FROM ${from}`;
    });
  const { rows } = await pool.query<{ part: string; told: string }>(
    [...own, ...platformOf(service)].join('\nUNION ALL '),
  );
  return rows.map(({ part, told }) => [part, told]);
};

/** In any order: rows move in their table when they are written again with the same words. */
const digestOf = (row: string): string =>
  `count(*) || ' rows ' || coalesce(md5(string_agg(md5(${row}::text), '' ORDER BY md5(${row}::text))), '')`;

/** Messages by type, without when they were sent; keys, letters that died, and who has handled what. */
const platformOf = (service: string): readonly string[] => [
  `SELECT '${service}: outbox ' || type, ${digestOf("(to_jsonb(t) - 'sent_at')")} FROM platform.outbox t
   WHERE type <> '${BEAT}' AND coalesce(envelope #>> '{data,action}', '') <> ALL (${EXPECTED}) GROUP BY type`,
  `SELECT '${service}: dead letters', ${digestOf('t')} FROM platform.dead_letters t`,
  `SELECT '${service}: idempotency keys', ${digestOf('t')} FROM platform.idempotency_keys t`,
];

/** What is not as it was; empty when nothing changed. */
export const changesBetween = (before: Stored, after: Stored): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((part) => before[part] !== after[part])
    .map((part) => `${part}: ${before[part] ?? 'nothing'} became ${after[part] ?? 'nothing'}`);

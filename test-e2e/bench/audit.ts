import { makeNewId, must } from '@quittance/kernel';
import { until } from '@quittance/local';
import type pg from 'pg';
import { z } from 'zod';

import { buy, openPool, startBenchSuite } from './bench-suite.ts';
import { type Figure, median, rounded, say } from './figure.ts';

const RUNS = 5;
const RECORDS = 2000;
/** As many as the service handles at once. */
const PLAIN_BATCH = 100;
const PLAIN_AT_ONCE = 4;
const SEALED_WITHIN_MS = 120_000;

/** Records wait on the bus; measured is how soon the audit service has stored and sealed them all. */
export const benchAudit = async (): Promise<Figure & Readonly<Record<string, unknown>>> => {
  const suite = await startBenchSuite(null);
  const [audit, bus, payments] = [
    openPool(suite, 'audit', 4),
    openPool(suite, 'bus', 1),
    openPool(suite, 'payments-card', 1),
  ];
  try {
    await buy(suite);
    const model = await readEnvelope(payments);
    await audit.query('CREATE TABLE bench_records (id text PRIMARY KEY, correlation_id text, record jsonb NOT NULL)');
    await audit.query('CREATE INDEX ON bench_records (correlation_id)');
    const runs: { stored: number; sealed: number; limit: number }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const rates = { ...(await throughAudit({ audit, bus }, model)), limit: await plain(audit, model) };
      runs.push(rates);
      say(`  run ${run}: ${rates.stored} stored/s, ${rates.sealed} stored and sealed/s, plain ${rates.limit}/s`);
    }
    const ours = median(runs.map(({ stored }) => stored));
    return {
      name: 'audit',
      unit: 'records/s',
      ours,
      limit: median(runs.map(({ limit }) => limit)),
      ratio: rounded(median(runs.map(({ stored, limit }) => stored / limit)), 3),
      aim: 10_000,
      aimFor: 'ours, at least',
      sealedPerSecond: median(runs.map(({ sealed }) => sealed)),
    };
  } finally {
    await Promise.all([audit.end(), bus.end(), payments.end()]);
    await suite.stop();
  }
};

const Envelope = z.looseObject({ id: z.string(), data: z.looseObject({ recordId: z.string() }) });
type Envelope = z.infer<typeof Envelope>;

/** A record as a purchase makes it. */
const readEnvelope = async (payments: pg.Pool): Promise<Envelope> => {
  const { rows } = await payments.query<{ envelope: unknown }>(
    "SELECT envelope FROM platform.outbox WHERE type = 'audit.record-action' LIMIT 1",
  );
  return Envelope.parse(must(rows[0], 'an audit record in the outbox').envelope);
};

const newId = makeNewId(Date.now);

const like = (model: Envelope): Envelope => {
  const id = newId('aud');
  return { ...model, id, data: { ...model.data, recordId: id } };
};

const throughAudit = async (
  { audit, bus }: { readonly audit: pg.Pool; readonly bus: pg.Pool },
  model: Envelope,
): Promise<{ readonly stored: number; readonly sealed: number }> => {
  const envelopes = Array.from({ length: RECORDS }, () => like(model));
  const count = async (sql: string): Promise<number> => Number((await audit.query<{ n: string }>(sql)).rows[0]?.n);
  const target = (await count('SELECT count(*) AS n FROM audit_records')) + RECORDS;
  const put = `WITH put AS (INSERT INTO bus.delivery (queue, message_id, type, body)
    SELECT 'audit', m.id, 'audit.record-action', convert_to(m.body, 'UTF8') FROM unnest($1::text[], $2::text[]) AS m (id, body))
    SELECT pg_notify('bus', 'bench audit')`;
  await bus.query(put, [envelopes.map(({ id }) => id), envelopes.map((envelope) => JSON.stringify(envelope))]);
  const startedMs = performance.now();
  const rateWhen = async (what: string, sql: string, enough: (n: number) => boolean): Promise<number> => {
    await until(what, () => count(sql), { enough, deadlineMs: SEALED_WITHIN_MS, everyMs: 10 });
    return Math.round((RECORDS * 1000) / (performance.now() - startedMs));
  };
  const stored = await rateWhen('every record', 'SELECT count(*) AS n FROM audit_records', (n) => n >= target);
  const sealed = await rateWhen('every seal', 'SELECT count(*) AS n FROM audit_unsealed', (n) => n === 0);
  return { stored, sealed };
};

/** The same records by the hundred, on as many connections as the service has. */
const plain = async (audit: pg.Pool, model: Envelope): Promise<number> => {
  const batches = Array.from({ length: RECORDS / PLAIN_BATCH }, () =>
    Array.from({ length: PLAIN_BATCH }, () => like(model)),
  );
  const startedMs = performance.now();
  const lane = async (): Promise<void> => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      await audit.query({
        name: 'bench_plain',
        text: 'INSERT INTO bench_records SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[])',
        values: [
          batch.map(({ id }) => id),
          batch.map(({ data }) => data.recordId),
          batch.map((envelope) => JSON.stringify(envelope)),
        ],
      });
    }
  };
  await Promise.all(Array.from({ length: PLAIN_AT_ONCE }, lane));
  return Math.round((RECORDS * 1000) / (performance.now() - startedMs));
};

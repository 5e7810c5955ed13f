import { availableParallelism } from 'node:os';

import { makeNewId, must } from '@quittance/kernel';
import { until } from '@quittance/local';
import type pg from 'pg';
import { z } from 'zod';

import { type BenchSuite, buy, openPool, startBenchSuite } from './bench-suite.ts';
import { cpuBySide, each } from './cpu-by-side.ts';
import { type Figure, median, rounded, say } from './figure.ts';

const RUNS = 5;
/** Seconds of work: a rate of less is one of starting and stopping. */
const RECORDS = 20_000;
/** As many as the service commits together, on as many connections. */
const PLAIN_BATCH = 250;
const PLAIN_AT_ONCE = 2;
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
    const runs: (Through & { readonly limit: number })[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const rates = { ...(await throughAudit({ suite, audit, bus }, model)), limit: await plain(audit, model) };
      runs.push(rates);
      say(
        `  run ${run}: ${rates.stored} stored/s, ${rates.sealed} stored and sealed/s (the slowest within ${rates.sealedWithinSeconds} s), ` +
          `plain ${rates.limit}/s; CPU of a record: ${rates.auditMicros} µs audit, ${rates.postgresMicros} µs PostgreSQL`,
      );
    }
    const cpuMicros = median(runs.map(({ auditMicros, postgresMicros }) => auditMicros + postgresMicros));
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
      sealedWithinSeconds: median(runs.map(({ sealedWithinSeconds }) => sealedWithinSeconds)),
      cpuMicrosEach: rounded(cpuMicros, 0),
      // What the CPU time of a record, stored and sealed, allows on these cores when nobody else uses them.
      ceiling: rounded((availableParallelism() * 1_000_000) / cpuMicros, 0),
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

interface Through {
  readonly stored: number;
  readonly sealed: number;
  readonly sealedWithinSeconds: number;
  readonly auditMicros: number;
  readonly postgresMicros: number;
}

const PUT = `WITH put AS (INSERT INTO bus.delivery (queue, message_id, type, body)
  SELECT 'audit', m.id, 'audit.record-action', convert_to(m.body, 'UTF8') FROM unnest($1::text[], $2::text[]) AS m (id, body))
  SELECT pg_notify('bus:audit', 'bench audit.record-action')`;

/**
 * Ids grow with time: those of one run are all from its first one on. Read once, at the end: the service's own clock
 * tells when, where looking all the time would take more of the machine than the work.
 */
const WHEN = `SELECT count(*)::int AS records, max(extract(epoch FROM r.recorded_at) * 1000)::float AS "storedMs",
    max(extract(epoch FROM s.sealed_at) * 1000)::float AS "sealedMs",
    max(extract(epoch FROM s.sealed_at - r.recorded_at))::float AS "slowestSeconds"
  FROM audit_records r LEFT JOIN audit_seals s ON s.record_id = r.id WHERE r.id >= $1`;
const LOOK_EVERY_MS = 250;

interface When {
  readonly records: number;
  readonly storedMs: number;
  readonly sealedMs: number;
  readonly slowestSeconds: number;
}

const throughAudit = async (
  { suite, audit, bus }: { readonly suite: BenchSuite; readonly audit: pg.Pool; readonly bus: pg.Pool },
  model: Envelope,
): Promise<Through> => {
  const envelopes = Array.from({ length: RECORDS }, () => like(model));
  const first = must(envelopes[0], 'a record').id;
  const when = async (): Promise<When> =>
    must((await audit.query<When>(WHEN, [first])).rows[0], 'when the records were stored');
  /** Nothing on the bus and nothing unsealed: whatever was put is through. */
  const left = async (): Promise<number> => {
    const waiting = await bus.query("SELECT 1 FROM bus.delivery WHERE queue = 'audit' LIMIT 1");
    const unsealed = await audit.query('SELECT 1 FROM audit_unsealed LIMIT 1');
    return (waiting.rowCount ?? 0) + (unsealed.rowCount ?? 0);
  };
  await bus.query(PUT, [envelopes.map(({ id }) => id), envelopes.map((envelope) => JSON.stringify(envelope))]);
  const startedMs = Date.now();
  const cpuBefore = await cpuBySide(suite);
  const limits = { deadlineMs: SEALED_WITHIN_MS, everyMs: LOOK_EVERY_MS };
  await until('every seal', left, { ...limits, enough: (n) => n === 0 });
  const cpuMsEach = each(cpuBefore, await cpuBySide(suite), RECORDS / 1000);
  const { records, storedMs, sealedMs, slowestSeconds } = await when();
  if (records !== RECORDS) throw new Error(`Of ${RECORDS} records ${records} were stored.`);
  const perSecond = (endMs: number): number => Math.round((RECORDS * 1000) / (endMs - startedMs));
  return {
    stored: perSecond(storedMs),
    sealed: perSecond(sealedMs),
    sealedWithinSeconds: rounded(slowestSeconds, 1),
    auditMicros: must(cpuMsEach['audit'], 'the CPU time of audit'),
    postgresMicros: must(cpuMsEach['postgres'], 'the CPU time of PostgreSQL'),
  };
};

/** The same records, as many at a time as the service commits. */
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

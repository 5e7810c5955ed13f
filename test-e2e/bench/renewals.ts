import { parseArgs } from 'node:util';

import { addDueCustomers } from '../support/due-customers.ts';
import { sandboxClock } from '../support/sandbox-clock.ts';
import { type BenchSuite, startBenchSuite } from './bench-suite.ts';
import { type Sums } from './cpu-by-side.ts';
import { type Figure, rounded, say } from './figure.ts';
import { countRows, writePlain } from './plain-writes.ts';
import { cpuMs, pssMb } from './proc.ts';
import { buyModel, openPools, type Pools } from './renewal-ground.ts';

const PLAIN_MAX = 500;
const HOUR_MS = 60 * 60 * 1000;

/** n subscriptions fall due at once: until each is invoiced, charged, paid, set for its next period, and audited. */
export const benchRenewals = async (
  options: readonly string[],
): Promise<Figure & Readonly<Record<string, unknown>>> => {
  const { values } = parseArgs({
    args: [...options],
    // `hundred`: a third run of ten times as many, for the memory alone; it may take hours.
    options: { n: { type: 'string', default: '10000' }, hundred: { type: 'boolean', default: false } },
  });
  const n = Number(values.n);
  const suite = await startBenchSuite(null);
  const pools = openPools(suite);
  try {
    const model = await buyModel(suite);
    await renewAll(suite, pools, { model, name: 'warm', count: Math.min(100, n) });
    const small = await renewAll(suite, pools, { model, name: 'small', count: Math.max(1, Math.round(n / 10)) });
    const before = await countRows(pools);
    const large = await renewAll(suite, pools, { model, name: 'large', count: n });
    const after = await countRows(pools);
    const hundred = values.hundred ? await renewAll(suite, pools, { model, name: 'hundred', count: n * 10 }) : null;
    const plain = await writePlain(pools, { before, after, items: n, count: Math.min(PLAIN_MAX, n) });
    const ours = (n * 1000) / large.ms;
    return {
      name: 'renewals',
      unit: 'renewals/s',
      ours: rounded(ours, 1),
      limit: rounded(plain, 1),
      ratio: rounded(ours / plain, 3),
      aim: 0.2,
      aimFor: 'ratio, at least',
      timesTenTakes: rounded(large.ms / small.ms, 1),
      timesTenAim: 11,
      // The greatest that was seen while they were renewed; flat is the aim.
      memoryMb: { once: small.memoryMb, tenTimes: large.memoryMb, hundredTimes: hundred?.memoryMb ?? null },
      cpuMsEach: large.cpuMsEach,
    };
  } finally {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await suite.stop();
  }
};

interface Run {
  readonly ms: number;
  readonly memoryMb: number;
  readonly cpuMsEach: Sums;
}

/** From the instant they are due until the suite is quiet again, which it says itself. */
const renewAll = async (
  suite: BenchSuite,
  pools: Pools,
  batch: { readonly model: string; readonly name: string; readonly count: number },
): Promise<Run> => {
  const dueAt = await addDueCustomers(suite.facts, batch);
  const clock = sandboxClock(suite.facts);
  await clock.advance({ to: new Date(dueAt.getTime() - 1000).toISOString() });
  const cpuBefore = await cpuOf(suite);
  const memory = watchMemory(suite);
  const startedMs = performance.now();
  await clock.advanceHoweverLong(new Date(dueAt.getTime() + HOUR_MS / 2));
  const ms = performance.now() - startedMs;
  const memoryMb = await memory.greatest();
  await assertRenewed(pools, { dueAt, count: batch.count });
  const cpuAfter = await cpuOf(suite);
  const cpuMsEach = Object.fromEntries(
    Object.entries(cpuAfter).map(([name, spent]) => [name, rounded((spent - (cpuBefore[name] ?? 0)) / batch.count, 1)]),
  );
  say(
    `  ${batch.count} renewals: ${rounded(ms / 1000, 1)} s, ${rounded((batch.count * 1000) / ms, 1)} a second, ${sumOf(memoryMb)} MB (${toldEach(memoryMb)})`,
  );
  return { ms, memoryMb: sumOf(memoryMb), cpuMsEach };
};

/** A figure of renewals that did not happen would be a good one. */
const assertRenewed = async (
  pools: Pools,
  { dueAt, count }: { readonly dueAt: Date; readonly count: number },
): Promise<void> => {
  const paid = await pools
    .get('invoicing')
    ?.query<{ n: number }>("SELECT count(*)::int AS n FROM invoices WHERE period_start = $1 AND status = 'paid'", [
      dueAt,
    ]);
  const renewed = await pools
    .get('subscription')
    ?.query<{ n: number }>('SELECT count(*)::int AS n FROM subscriptions WHERE period_start = $1 AND due_at > $1', [
      dueAt,
    ]);
  if (paid?.rows[0]?.n !== count || renewed?.rows[0]?.n !== count) {
    throw new Error(`${paid?.rows[0]?.n} of ${count} invoices are paid, ${renewed?.rows[0]?.n} subscriptions renewed`);
  }
};

const processesOf = (suite: BenchSuite) => suite.processes?.processes ?? [];

const cpuOf = async (suite: BenchSuite): Promise<Readonly<Record<string, number>>> => {
  const { user, system } = process.cpuUsage();
  const services = processesOf(suite).map(async (each) => [each.service, await cpuMs(each.pid() ?? 0)] as const);
  return { ...Object.fromEntries(await Promise.all(services)), 'the provider, played': (user + system) / 1000 };
};

const LOOK_EVERY_MS = 2000;

/** Megabytes by service, when all of them together had the most, until it is asked for and at that moment. */
const watchMemory = (suite: BenchSuite): { greatest(): Promise<Sums> } => {
  let greatest: Sums = {};
  const look = async (): Promise<void> => {
    const now = await memoryOf(suite);
    if (sumOf(now) > sumOf(greatest)) greatest = now;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    greatest: async () => {
      clearInterval(timer);
      await look();
      return greatest;
    },
  };
};

const memoryOf = async (suite: BenchSuite): Promise<Sums> => {
  const each = processesOf(suite).map(
    async (process) => [process.service, Math.round((await pssMb(process.pid() ?? 0)) ?? 0)] as const,
  );
  return Object.fromEntries(await Promise.all(each));
};

const sumOf = (sums: Sums): number => Object.values(sums).reduce((sum, each) => sum + each, 0);

const toldEach = (sums: Sums): string =>
  Object.entries(sums)
    .map(([name, mb]) => `${name} ${mb}`)
    .join(', ');

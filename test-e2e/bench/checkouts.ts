import { STORING_SERVICES } from '@quittance/local';
import type pg from 'pg';

import { type BenchSuite, buy, inParallel, openPool, startBenchSuite } from './bench-suite.ts';
import { cpuBySide, each, type Sums } from './cpu-by-side.ts';
import { type Figure, median, rounded, say } from './figure.ts';

const RUNS = 5;
/** Without a pause: long enough that starting and stopping do not count. */
const CHECKOUTS = 60;
const AT_ONCE = 6;
const WARM_UP = 12;
const COMMITTING = [...STORING_SERVICES, 'bus'] as const;
/** As large as a row with its message. */
const BODY = 'x'.repeat(900);

/** Whole checkouts as fast as they go, where the CPU went, and as many commits done bare. */
export const benchCheckouts = async (): Promise<Figure & Readonly<Record<string, unknown>>> => {
  const suite = await startBenchSuite(null);
  const pools = new Map(COMMITTING.map((name) => [name, openPool(suite, name, 1)]));
  const bare = openPool(suite, 'bus', AT_ONCE);
  try {
    await bare.query('CREATE TABLE bench_commits (id bigserial PRIMARY KEY, body text NOT NULL)');
    await inParallel(WARM_UP, AT_ONCE, () => buy(suite));
    const rates: number[] = [];
    const commitRates: number[] = [];
    const spent: Spent[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const before = await spentSoFar(suite, pools);
      rates.push(await perSecond(CHECKOUTS, () => buy(suite)));
      spent.push(spentSince(before, await spentSoFar(suite, pools)));
      commitRates.push(await perSecond(1000, () => commitBare(bare)));
      say(
        `  run ${run}: ${rounded(rates.at(-1) ?? 0)} checkouts/s, bare ${rounded(commitRates.at(-1) ?? 0, 0)} commits/s`,
      );
    }
    const cpuMsEach = medianOf(spent.map(({ cpu }) => cpu));
    const transactionsEach = medianOf(spent.map(({ commits }) => commits));
    const commitsOfOurs = Object.values(transactionsEach).reduce((sum, commits) => sum + commits, 0);
    tell(cpuMsEach, transactionsEach);
    const limits = commitRates.map((rate) => rate / commitsOfOurs);
    return {
      name: 'checkouts',
      unit: 'checkouts/s',
      ours: rounded(median(rates)),
      limit: rounded(median(limits)),
      ratio: rounded(median(rates.map((rate, run) => rate / (limits[run] ?? Number.NaN))), 3),
      aim: 0,
      aimFor: 'reported only',
      commitsEach: rounded(commitsOfOurs, 1),
      cpuMsEach,
    };
  } finally {
    await Promise.all([bare, ...pools.values()].map((pool) => pool.end()));
    await suite.stop();
  }
};

/** By whom: of the purchases alone, not of what is measured bare between them. */
interface Spent {
  readonly cpu: Sums;
  readonly commits: Sums;
}

const spentSoFar = async (suite: BenchSuite, pools: ReadonlyMap<string, pg.Pool>): Promise<Spent> => ({
  commits: await commitsByDatabase(pools),
  cpu: await cpuBySide(suite),
});

const spentSince = (before: Spent, after: Spent): Spent => ({
  cpu: each(before.cpu, after.cpu, CHECKOUTS),
  commits: each(before.commits, after.commits, CHECKOUTS),
});

const medianOf = (runs: readonly Sums[]): Sums =>
  Object.fromEntries(
    Object.keys(runs[0] ?? {}).map((name) => [name, rounded(median(runs.map((run) => run[name] ?? 0)), 1)]),
  );

const perSecond = async (count: number, work: () => Promise<void>): Promise<number> => {
  const startedMs = performance.now();
  await inParallel(count, AT_ONCE, work);
  return (count * 1000) / (performance.now() - startedMs);
};

const commitBare = async (pool: pg.Pool): Promise<void> => {
  await pool.query({ name: 'bench_commit', text: 'INSERT INTO bench_commits (body) VALUES ($1)', values: [BODY] });
};

const commitsByDatabase = async (pools: ReadonlyMap<string, pg.Pool>): Promise<Sums> => {
  // What a session has done is told to the statistics within a second of its being idle.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const counts = await Promise.all(
    [...pools].map(async ([name, pool]) => {
      const { rows } = await pool.query<{ commits: number }>(
        'SELECT xact_commit::int AS commits FROM pg_stat_database WHERE datname = current_database()',
      );
      return [name, rows[0]?.commits ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts);
};

const tell = (cpuMsEach: Sums, transactionsEach: Sums): void => {
  const total = Object.values(cpuMsEach).reduce((sum, ms) => sum + ms, 0);
  say(`  one checkout takes ${rounded(total, 0)} ms of CPU:`);
  for (const [name, ms] of Object.entries(cpuMsEach).toSorted(([, a], [, b]) => b - a)) {
    const transactions = transactionsEach[name];
    const told = transactions === undefined ? '' : `${rounded(transactions, 1)} transactions, reads included`;
    say(`  ${String(ms).padStart(8)} ms  ${name.padEnd(24)}${told}`);
  }
};

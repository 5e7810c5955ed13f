import { readFile } from 'node:fs/promises';

import { type BenchSuite, openPool } from './bench-suite.ts';
import { rounded } from './figure.ts';
import { childrenOf, cpuMs } from './proc.ts';

export type Sums = Readonly<Record<string, number>>;

/** CPU time by service; PostgreSQL with all its backends; this process: the customers and the provider, played. */
export const cpuBySide = async (suite: BenchSuite): Promise<Sums> => {
  const services = (suite.processes?.processes ?? []).map(
    async (process) => [process.service, await cpuMs(process.pid() ?? 0)] as const,
  );
  const { user, system } = process.cpuUsage();
  return {
    ...Object.fromEntries(await Promise.all(services)),
    postgres: await postgresCpuMs(suite),
    'customers and provider': (user + system) / 1000,
  };
};

const postgresCpuMs = async (suite: BenchSuite): Promise<number> => {
  const pool = openPool(suite, 'bus', 1);
  try {
    const { rows } = await pool.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder");
    const file = await readFile(`${rows[0]?.folder}/postmaster.pid`, 'utf8');
    const pid = Number(file.split('\n')[0]);
    const used = await Promise.all([pid, ...(await childrenOf(pid))].map(cpuMs));
    return used.reduce((sum, ms) => sum + ms, 0);
  } finally {
    await pool.end();
  }
};

/** What each of `count` pieces of work took, by name. */
export const each = (before: Sums, after: Sums, count: number): Sums =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, rounded((value - (before[name] ?? 0)) / count, 1)]),
  );

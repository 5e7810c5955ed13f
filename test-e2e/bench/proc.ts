import { readdir, readFile } from 'node:fs/promises';

/** Linux counts CPU time in ticks of 10 ms, whatever the kernel's own clock. */
const TICK_MS = 10;

/** CPU time used so far, with that of its ended children; 0 where `/proc` has no such process. */
export const cpuMs = async (pid: number): Promise<number> => {
  const fields = await statOf(pid);
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * TICK_MS;
};

/** Proportional set size: shared pages counted once over all who share them. Null where it may not be read. */
export const pssMb = async (pid: number): Promise<number | null> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
};

/** Direct children of a process: of PostgreSQL's first process, all others. */
export const childrenOf = async (pid: number): Promise<readonly number[]> => {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.map(Number).filter((each) => each > 0);
  const parents = await Promise.all(pids.map(async (each) => Number((await statOf(each))[1])));
  return pids.filter((_, index) => parents[index] === pid);
};

/** The fields after the name, which may hold spaces itself. */
const statOf = async (pid: number): Promise<readonly string[]> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

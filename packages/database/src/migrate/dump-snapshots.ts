import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type Secret } from '@quittance/kernel';

import { onDatabase, quote, withClient } from './admin-client.ts';
import { type SnapshotPort, snapshotPrefix } from './snapshot-port.ts';

export interface DumpSnapshotsOptions {
  readonly adminUrl: Secret;
  /** Where the dumps are kept; best on another disk than the server's. */
  readonly folder: string;
  /** Where pg_dump and pg_restore are looked for, in the form of PATH. */
  readonly searchPath: string;
}

/** Snapshots as `pg_dump` archives in a folder. Needs pg_dump and pg_restore of the server's version or newer. */
export const makeDumpSnapshots = ({ adminUrl, folder, searchPath }: DumpSnapshotsOptions): SnapshotPort => {
  const fileOf = (snapshot: string): string => join(folder, `${snapshot}.dump`);
  return {
    kind: 'pg_dump archive',
    take: async (database, snapshot) => {
      await mkdir(folder, { recursive: true });
      const unfinished = `${fileOf(snapshot)}.part`;
      const env = connectionEnv(onDatabase(adminUrl, database), searchPath);
      await runTool('pg_dump', ['--format=custom', `--file=${unfinished}`], env);
      await rename(unfinished, fileOf(snapshot));
    },
    materialize: async (snapshot, into) => {
      await withClient(adminUrl, (admin) => admin.query(`CREATE DATABASE ${quote.name(into)} TEMPLATE template0`));
      const flags = ['--exit-on-error', '--single-transaction', `--dbname=${into}`, fileOf(snapshot)];
      await runTool('pg_restore', flags, connectionEnv(onDatabase(adminUrl, into), searchPath));
    },
    list: async (database) => {
      const files = await readdir(folder).catch(() => []);
      const names = files.filter((file) => file.endsWith('.dump')).map((file) => file.slice(0, -'.dump'.length));
      return names.filter((name) => name.startsWith(snapshotPrefix(database))).toSorted((a, b) => (a < b ? 1 : -1));
    },
    remove: (snapshot) => rm(fileOf(snapshot), { force: true }),
  };
};

/** True when pg_dump is here and not older than the server: it refuses newer ones. */
export const canDump = async (where: Omit<DumpSnapshotsOptions, 'folder'>): Promise<boolean> => {
  const said = await runTool('pg_dump', ['--version'], { PATH: where.searchPath }).catch(() => '');
  const toolMajor = Number(/(\d+)\./.exec(said)?.[1] ?? 0);
  const server = await withClient(where.adminUrl, (admin) =>
    admin.query<{ major: number }>(`SELECT current_setting('server_version_num')::int / 10000 AS major`),
  );
  return toolMajor >= (server.rows[0]?.major ?? Number.POSITIVE_INFINITY);
};

/** In the environment, not among the arguments: those are visible to every process of the machine. */
const connectionEnv = (url: Secret, searchPath: string): NodeJS.ProcessEnv => {
  const target = new URL(url.reveal());
  return {
    PATH: searchPath,
    PGHOST: target.hostname,
    PGPORT: target.port === '' ? '5432' : target.port,
    PGUSER: decodeURIComponent(target.username),
    PGPASSWORD: decodeURIComponent(target.password),
    PGDATABASE: target.pathname.slice(1),
    PGSSLMODE: target.searchParams.get('sslmode') ?? 'prefer',
  };
};

const runTool = (tool: string, flags: readonly string[], env: NodeJS.ProcessEnv): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(tool, flags, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => reject(new Error(`${tool} cannot be run here`, { cause: error })));
    child.on('close', (code) => {
      const output = Buffer.concat(said).toString().trim();
      if (code === 0) resolve(output);
      else reject(new Error(`${tool} ended with ${String(code)}: ${output}`));
    });
  });

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { type Binaries, findBinaries } from './find-binaries.ts';
import { makeEnterable, SHARED_FOLDER } from './reachable-folder.ts';
import { serverUser, type ServerUser } from './server-user.ts';

export interface EmbeddedPostgresOptions {
  /** The cluster; made when there is none. For root it must be reachable by others: see `reachableFolder`. */
  readonly folder: string;
  readonly port: number;
  /** Of the superuser `postgres`, set when the cluster is made. */
  readonly password: string;
  /** Server settings by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** In a session of its own, where a Ctrl-C in the terminal does not reach it: whoever started it stops it last. */
  readonly detached?: boolean;
}

export interface EmbeddedServer {
  /** The superuser's URL of the maintenance database, on 127.0.0.1. */
  readonly adminUrl: string;
  /** Of the postmaster. */
  readonly pid: number;
  /** Fast shutdown: open transactions are rolled back, everything confirmed is kept. */
  stop(): Promise<void>;
}

/**
 * PostgreSQL from npm, on this machine only: nothing to install, nothing downloaded at run time. Ends with this process
 * unless that is killed outright.
 *
 * @throws EmbeddedPostgresFailed with what PostgreSQL said; UnsupportedPlatform where there are no programs for it.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedServer> => {
  const user = await serverUser();
  const binaries = await findBinaries(user);
  if (!existsSync(join(options.folder, 'PG_VERSION'))) await initialise(options, binaries, user);
  const server = await start(options, binaries, user);
  return {
    adminUrl: `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${String(options.port)}/postgres`,
    pid: server.pid ?? 0,
    stop: () => stop(server, { folder: options.folder, binaries, user }),
  };
};

/** Messages are matched below, so they must not be translated. */
const environment = { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' };

const initialise = async (options: EmbeddedPostgresOptions, binaries: Binaries, user: ServerUser): Promise<void> => {
  if (options.folder.startsWith(SHARED_FOLDER)) {
    await makeEnterable(SHARED_FOLDER);
    await makeEnterable(dirname(options.folder));
  }
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const secrets = await mkdtemp(join(tmpdir(), 'quittance-initdb-'));
  const passwordFile = join(secrets, 'password');
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (user !== null) for (const path of [options.folder, secrets, passwordFile]) await chown(path, user.uid, user.gid);
  try {
    const { exit, said } = await runToEnd(
      binaries.initdb,
      [
        `--pgdata=${options.folder}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
      ],
      user,
    );
    if (exit !== 0) {
      throw new EmbeddedPostgresFailed(`PostgreSQL could not make its files in ${options.folder}:\n${said}`);
    }
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
};

const SAID_CHARACTERS_MAX = 4000;

/** The end of what a process says, without growing for ever. */
const listen = (child: ChildProcess): { said(): string } => {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-SAID_CHARACTERS_MAX);
    });
  }
  return { said: () => said.trim() };
};

const runToEnd = (
  program: string,
  args: readonly string[],
  user: ServerUser,
): Promise<{ readonly exit: number | null; readonly said: string }> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { ...user, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const { said } = listen(child);
    child.once('error', (error) => resolve({ exit: null, said: error.message }));
    child.once('close', (exit) => resolve({ exit, said: said() }));
  });

const start = (options: EmbeddedPostgresOptions, binaries: Binaries, user: ServerUser): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings };
    const args = ['-D', options.folder, '-p', String(options.port)];
    for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
    const server = spawn(binaries.postgres, args, {
      ...user,
      detached: options.detached ?? false,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { said } = listen(server);
    const fail = (reason: string): void => {
      reject(new EmbeddedPostgresFailed(`PostgreSQL did not start in ${options.folder}:\n${reason}`));
    };
    const endWithUs = (): void => {
      server.kill('SIGINT');
    };
    process.once('exit', endWithUs);
    server.once('error', (error) => fail(error.message));
    server.once('exit', () => {
      process.removeListener('exit', endWithUs);
      fail(said());
    });
    server.stderr.on('data', () => {
      if (said().includes('ready to accept connections')) resolve(server);
    });
  });

const stop = (
  server: ChildProcess,
  cluster: { readonly folder: string; readonly binaries: Binaries; readonly user: ServerUser },
): Promise<void> =>
  new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) {
      resolve();
      return;
    }
    server.once('exit', () => resolve());
    // Windows has no SIGINT to send.
    if (process.platform !== 'win32') server.kill('SIGINT');
    else void runToEnd(cluster.binaries.pgCtl, ['stop', '-D', cluster.folder, '-m', 'fast'], cluster.user);
  });

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import amqp from 'amqplib';

import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

const PROGRAMS = '/usr/lib/rabbitmq/bin';
const CONTROL_MAX_MS = 120_000;

export interface OwnRabbit {
  readonly url: string;
  /** kill −9. */
  stop(): Promise<void>;
  /** On the same files and port; resolves when it answers. */
  start(): Promise<void>;
  /** It keeps its connections and answers nobody any more. */
  freeze(): void;
  thaw(): void;
  /** `rabbitmqctl` on this node; what it printed. */
  control(...args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** True where the broker's programs are installed, so that one can be started beside the shared one. */
export const canStartOwnRabbit = (): boolean => existsSync(join(PROGRAMS, 'rabbitmq-server'));

/**
 * A broker node of our own: own name, ports and files. Whoever restarts it under load gives ports from below the range
 * of outgoing connections, which could take them meanwhile.
 */
export const startOwnRabbit = async (ports?: {
  readonly port: number;
  readonly distributionPort: number;
}): Promise<OwnRabbit> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-test-rabbit-'));
  const { port, distributionPort } = ports ?? { port: await freePort(), distributionPort: await freePort() };
  const env = {
    ...process.env,
    HOME: folder,
    RABBITMQ_NODENAME: `${basename(folder)}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_BASE: folder,
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none.env'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
  };
  const url = `amqp://guest:guest@127.0.0.1:${String(port)}`;
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    child = spawn(join(PROGRAMS, 'rabbitmq-server'), { env, stdio: 'ignore', detached: true });
    await waitFor(() => answers(url), { what: 'the broker to answer', deadlineMs: 90_000 });
  };
  const stop = async (): Promise<void> => {
    const { pid } = child ?? {};
    if (child === null || pid === undefined) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    // The whole group: the script that started the virtual machine, and the machine.
    process.kill(-pid, 'SIGKILL');
    await ended;
    child = null;
  };
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    if (child?.pid !== undefined) process.kill(-child.pid, name);
  };
  await start();
  return {
    url,
    start,
    stop,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    control: async (...args) => {
      const program = join(PROGRAMS, 'rabbitmqctl');
      const { stdout } = await promisify(execFile)(program, ['--quiet', ...args], { env, timeout: CONTROL_MAX_MS });
      return stdout.trim();
    },
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const answers = async (url: string): Promise<boolean> => {
  const connection = await amqp.connect(url, { timeout: 1_000 });
  await connection.close();
  return true;
};

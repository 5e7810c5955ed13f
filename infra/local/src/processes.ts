import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { COMPILE_CACHE } from './compile-cache.ts';
import { freePort } from './free-port.ts';
import { LocalError } from './local-error.ts';
import {
  consoleEnvironment,
  type Environment,
  gatewayAddresses,
  serviceEnvironment,
  type SuiteFacts,
} from './suite-environment.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const READY_DEADLINE_MS = 180_000;
const READY_EVERY_MS = 50;
const STOP_DEADLINE_MS = 10_000;
const STARTS_MAX = 3;

const BEHIND_THE_DOOR = ['catalog', 'subscription', 'invoicing', 'payments-card', 'audit'] as const;
type Behind = (typeof BEHIND_THE_DOOR)[number];
export type ProcessName = Behind | 'gateway' | 'console';

export type HarnessMessage = Readonly<Record<string, string | number | boolean>>;

/** One service in a process of its own, which may be killed and started again on the same port. */
export interface ServiceProcess {
  readonly service: ProcessName;
  readonly replica: number;
  readonly port: number;
  pid(): number | null;
  /** Resolves when it says it is ready. `extra` is added to its environment this time. */
  start(extra?: Environment): Promise<void>;
  /** SIGTERM, then SIGKILL after 10 s. */
  stop(): Promise<void>;
  kill(): void;
  /** Over the process's own channel: how a fault harness arms a kill point. */
  tell(message: HarnessMessage): void;
  /** Tells, and resolves with the process's answer; rejects when it ends instead. */
  ask(message: HarnessMessage): Promise<unknown>;
  /** Resolves when the present process has ended, with the signal that ended it, if one did. */
  ended(): Promise<Ended>;
}

export interface Ended {
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessSuite {
  readonly processes: readonly ServiceProcess[];
  readonly gatewayUrls: readonly string[];
  stop(): Promise<void>;
}

/** What a harness puts between a process and the servers it uses: its environment, changed. */
export type Detour = (
  who: { readonly service: ProcessName; readonly replica: number },
  environment: Environment,
) => Promise<Environment>;

export interface ProcessOptions {
  readonly replicas: number;
  readonly detour?: Detour;
}

/** Every service as its own process, `replicas` of each; the first gateway listens on the suite's own port. */
export const startProcesses = async (
  facts: SuiteFacts,
  options: ProcessOptions & { readonly logFolder: string; readonly progress: (line: string) => void },
): Promise<ProcessSuite> => {
  const detour: Detour = options.detour ?? ((_, environment) => Promise.resolve(environment));
  await mkdir(options.logFolder, { recursive: true });
  const processes: ServiceProcess[] = [];
  const portsByReplica: Record<string, number>[] = [];
  for (let replica = 0; replica < options.replicas; replica += 1) {
    const ports: Record<string, number> = {};
    for (const service of BEHIND_THE_DOOR) {
      const port = await freePort();
      ports[service] = port;
      const environment = await detour(
        { service, replica },
        { ...serviceEnvironment(service, facts), PORT: String(port) },
      );
      processes.push(makeServiceProcess({ service, replica, port, environment, logFolder: options.logFolder }));
    }
    const consolePort = await freePort();
    ports['console'] = consolePort;
    const consoleEnv = { ...consoleEnvironment(facts), PORT: String(consolePort) };
    processes.push(
      makeServiceProcess({
        service: 'console',
        replica,
        port: consolePort,
        environment: consoleEnv,
        logFolder: options.logFolder,
      }),
    );
    portsByReplica.push(ports);
  }
  const gateways = await Promise.all(
    portsByReplica.map(async (ports, replica) => {
      const port = replica === 0 ? Number(new URL(facts.gatewayUrl).port) : await freePort();
      const environment = await detour(
        { service: 'gateway', replica },
        { ...serviceEnvironment('gateway', facts), ...gatewayAddresses(ports, facts), PORT: String(port) },
      );
      return makeServiceProcess({ service: 'gateway', replica, port, environment, logFolder: options.logFolder });
    }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all([...gateways, ...processes].map((each) => each.stop()));
  };
  try {
    await Promise.all(processes.map(startPatiently));
    await Promise.all(gateways.map(startPatiently));
  } catch (error) {
    await stop();
    throw error;
  }
  options.progress(`${processes.length + gateways.length} processes are ready; their logs are in ${options.logFolder}`);
  return {
    processes: [...processes, ...gateways],
    gatewayUrls: gateways.map(({ port }) => `http://localhost:${port}`),
    stop,
  };
};

/** On a busy machine one of a dozen that start at once may end; an orchestrator would start it again, and so do we. */
const startPatiently = async (each: ServiceProcess): Promise<void> => {
  for (let started = 1; ; started += 1) {
    try {
      return await each.start();
    } catch (error) {
      if (started >= STARTS_MAX) throw error;
    }
  }
};

/**
 * As in the image. Left alone, V8 takes what it can get before it tidies up: a service's memory would grow with the
 * work of its busiest hour, and stay there.
 */
export const NODE_OPTIONS = '--max-semi-space-size=8 --max-old-space-size=256';

interface ProcessFacts {
  readonly service: ProcessName;
  readonly replica: number;
  readonly port: number;
  readonly environment: Environment;
  readonly logFolder: string;
}

export const makeServiceProcess = (facts: ProcessFacts): ServiceProcess => {
  const script = join(ROOT, 'services', facts.service, facts.service === 'console' ? 'server/main.ts' : 'src/main.ts');
  const name = `${facts.service}-${facts.replica}`;
  let child: ChildProcess | null = null;
  let ended: Promise<Ended> = Promise.resolve({ signal: null });

  const start = (extra: Environment = {}): Promise<void> => {
    const log = createWriteStream(join(facts.logFolder, `${name}.log`), { flags: 'a' });
    const started = fork(script, [], {
      // Nothing of our own environment leaks in but what Node itself needs.
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_OPTIONS,
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...facts.environment,
        ...extra,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    started.stdout?.pipe(log);
    started.stderr?.pipe(log);
    child = started;
    ended = new Promise((resolveEnded) => started.once('exit', (_, signal) => resolveEnded({ signal })));
    return untilReady(started, name, facts);
  };

  const stop = async (): Promise<void> => {
    const running = child;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const timer = setTimeout(() => running.kill('SIGKILL'), STOP_DEADLINE_MS);
    running.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  };

  return {
    service: facts.service,
    replica: facts.replica,
    port: facts.port,
    pid: () => child?.pid ?? null,
    start,
    stop,
    kill: () => child?.kill('SIGKILL'),
    // Whoever dies while it is being told was not listening any more.
    tell: (message) => {
      if (child?.connected === true) child.send(message, () => undefined);
    },
    ask: (message) => askChild(child, message),
    ended: () => ended,
  };
};

const askChild = (child: ChildProcess | null, message: HarnessMessage): Promise<unknown> =>
  new Promise((resolveAsked, reject) => {
    const onExit = (): void => reject(new LocalError('The process ended before it answered.'));
    if (child?.connected !== true) return onExit();
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolveAsked(answer);
    });
    child.send(message, () => undefined);
  });

/** Asks `/ready`, as an orchestrator would, until it says yes; fails at once when the process has ended. */
const untilReady = async (child: ChildProcess, name: string, facts: ProcessFacts): Promise<void> => {
  const log = join(facts.logFolder, `${name}.log`);
  for (const endMs = performance.now() + READY_DEADLINE_MS; performance.now() < endMs;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new LocalError(`${name} ended (${child.signalCode ?? `code ${child.exitCode}`}); see ${log}.`);
    }
    const ready = await fetch(`http://127.0.0.1:${facts.port}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(READY_EVERY_MS);
  }
  throw new LocalError(`${name} was not ready within ${READY_DEADLINE_MS / 1000} s; see ${log}.`);
};

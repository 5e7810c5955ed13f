import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { must } from '@quittance/kernel';
import { freeNeighbours, makeShopper } from '@quittance/local';

import { buy, inParallel } from './bench-suite.ts';
import { type Figure, median, rounded, say } from './figure.ts';
import { childrenOf, pssMb } from './proc.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RUNS = 5;
const AIM_SECONDS = 6;
const AIM_MB = 600;
const AT_ONCE = 6;
/** Between two looks at the memory: what grows shows itself. */
const LOOK_EVERY = 500;
const THOUSAND = 1000;
const CHECKOUTS_FOR_MS = 60 * 60_000;

/** What a person waits for who starts it again, and what it then holds of the machine's memory. */
export const benchStartup = async (args: readonly string[]): Promise<Figure & Readonly<Record<string, unknown>>> => {
  const { values } = parseArgs({ args: [...args], options: { checkouts: { type: 'string', default: '1000' } } });
  const folder = await mkdtemp(join(tmpdir(), 'quittance-startup-'));
  const port = await freeNeighbours();
  const start = () => startSuite(folder, port);
  try {
    const first = await start();
    say(`  the first start, with an empty folder: ${rounded(first.seconds)} s`);
    await stop(first.child);
    const seconds: number[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const again = await start();
      seconds.push(again.seconds);
      say(`  start ${run} on its data: ${rounded(again.seconds)} s`);
      await stop(again.child);
    }
    const memory = await memoryAfter(await start(), { folder, port, checkouts: Number(values.checkouts) });
    const ours = rounded(median(seconds));
    return {
      name: 'startup',
      unit: 's',
      ours,
      limit: AIM_SECONDS,
      ratio: rounded(ours / AIM_SECONDS),
      aim: 1,
      aimFor: 'ratio, at most; the limit is the aim',
      memory: { ...memory, aimMb: AIM_MB },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface Started {
  readonly child: ChildProcess;
  readonly seconds: number;
}

/** The command a person types, until it says that it is ready: the package manager's own start is waited for as well. */
const startSuite = async (folder: string, port: number): Promise<Started> => {
  const startedMs = performance.now();
  const child = spawn(`exec $(command -v pnpm || echo npx -y pnpm@12) start --port ${port}`, {
    cwd: ROOT,
    shell: true,
    // A group of its own: the signal that ends it is for the suite as well as for the package manager.
    detached: true,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      QUITTANCE_DATA: folder,
      // It is not the registry that is measured.
      npm_config_prefer_offline: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('Quittance is ready')) ready.resolve();
  });
  child.once('exit', (code) => ready.reject(new Error(`The suite ended with ${code} before it was ready.`)));
  await ready.promise;
  return { child, seconds: (performance.now() - startedMs) / 1000 };
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
};

const memoryAfter = async (
  { child }: Started,
  { folder, port, checkouts }: { readonly folder: string; readonly port: number; readonly checkouts: number },
) => {
  try {
    const shopper = makeShopper({
      gatewayUrl: `http://localhost:${port}`,
      sandboxUrl: `http://localhost:${port + 1}`,
    });
    const suite = { shopper, serviceToken: await shopper.token('whatsapp-qr') };
    const atReady = await readMemory(folder);
    say(`  at ready: ${told(atReady)}`);
    const endMs = performance.now() + CHECKOUTS_FOR_MS;
    const bought = { done: 0, failed: 0 };
    let after = atReady;
    let atThousand: Memory | null = null;
    // A machine that others load as well may leave a purchase without its answer in time; memory is what is asked here.
    const tryToBuy = async (): Promise<void> => {
      const outcome = await buy(suite)
        .then(() => 'done' as const)
        .catch(() => 'failed' as const);
      bought[outcome] += 1;
    };
    for (let left = checkouts; left > 0 && performance.now() < endMs; left -= LOOK_EVERY) {
      await inParallel(Math.min(LOOK_EVERY, left), AT_ONCE, tryToBuy);
      after = await readMemory(folder);
      say(`  after ${bought.done} checkouts: ${told(after)}`);
      if (bought.done >= THOUSAND) atThousand ??= after;
    }
    const { done, failed } = bought;
    if (done + failed < checkouts) say(`  cut short after an hour: ${done + failed} of ${checkouts}`);
    return {
      checkouts: done,
      failed,
      ...after,
      totalMb: totalOf(after),
      // What does not stay flat shows itself here: of the whole way from the first thousand to the last purchase.
      grownSinceThousandMb: atThousand === null ? null : totalOf(after) - totalOf(atThousand),
      atReady,
    };
  } finally {
    await stop(child);
  }
};

/** Shares of all processes: the suite's one, and PostgreSQL's, whose shared buffers are counted once. */
const readMemory = async (folder: string) => {
  const suite = Number(await readFile(join(folder, 'suite.pid'), 'utf8'));
  const postmaster = Number((await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  const backends = await childrenOf(postmaster);
  const shares = await Promise.all([postmaster, ...backends].map(pssMb));
  return {
    suiteMb: rounded(must(await pssMb(suite), 'the memory of the suite'), 0),
    postgresMb: rounded(
      shares.reduce<number>((sum, share) => sum + (share ?? 0), 0),
      0,
    ),
    backends: backends.length,
  };
};

type Memory = Awaited<ReturnType<typeof readMemory>>;

const totalOf = ({ suiteMb, postgresMb }: Memory): number => rounded(suiteMb + postgresMb, 0);

const told = ({ suiteMb, postgresMb, backends }: Memory): string =>
  `${suiteMb} MB the suite, ${postgresMb} MB PostgreSQL with ${backends} backends (PSS)`;

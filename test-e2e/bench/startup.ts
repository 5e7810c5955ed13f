import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { freeNeighbours, makeShopper } from '@quittance/local';
import { z } from 'zod';

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

/** What `pnpm start` runs, until it says that it is ready. */
const startSuite = async (folder: string, port: number): Promise<Started> => {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...(await startArguments()), '--port', String(port)], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', QUITTANCE_DATA: folder },
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

const Scripts = z.object({ scripts: z.object({ start: z.string().startsWith('node ') }) });

const startArguments = async (): Promise<readonly string[]> => {
  const { scripts } = Scripts.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  return scripts.start.split(' ').slice(1);
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
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
    const atReady = await readMemory(child, folder);
    say(`  at ready: ${told(atReady)}`);
    const endMs = performance.now() + CHECKOUTS_FOR_MS;
    const bought = { done: 0, failed: 0 };
    let after = atReady;
    // A machine that others load as well may leave a purchase without its answer in time; memory is what is asked here.
    const tryToBuy = async (): Promise<void> => {
      const outcome = await buy(suite)
        .then(() => 'done' as const)
        .catch(() => 'failed' as const);
      bought[outcome] += 1;
    };
    for (let left = checkouts; left > 0 && performance.now() < endMs; left -= LOOK_EVERY) {
      await inParallel(Math.min(LOOK_EVERY, left), AT_ONCE, tryToBuy);
      after = await readMemory(child, folder);
      say(`  after ${bought.done} checkouts: ${told(after)}`);
    }
    const { done, failed } = bought;
    return { checkouts: done, failed, ...after, totalMb: rounded(after.suiteMb + after.postgresMb, 0), atReady };
  } finally {
    await stop(child);
  }
};

/** Shares of all processes: the suite's one, and PostgreSQL's, whose shared buffers are counted once. */
const readMemory = async (child: ChildProcess, folder: string) => {
  const postmaster = Number((await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  const backends = await childrenOf(postmaster);
  const shares = await Promise.all([postmaster, ...backends].map(pssMb));
  return {
    suiteMb: rounded((await pssMb(child.pid ?? 0)) ?? 0, 0),
    postgresMb: rounded(
      shares.reduce<number>((sum, share) => sum + (share ?? 0), 0),
      0,
    ),
    backends: backends.length,
  };
};

const told = ({ suiteMb, postgresMb, backends }: Awaited<ReturnType<typeof readMemory>>): string =>
  `${suiteMb} MB the suite, ${postgresMb} MB PostgreSQL with ${backends} backends (PSS)`;

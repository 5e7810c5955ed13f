import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { until } from '@quittance/local';
import { z } from 'zod';

import { startPrivateSuite } from '../support/private-suite.ts';
import { type Figure, median, rounded, say } from './figure.ts';

const RUNS = 5;
const SECONDS = 4;
const CONNECTIONS = 50;
const PATH = '/v1/pricing?lang=en&currency=USD';

/** Through the gateway with everything on but its rate limit, and bare, turn by turn; the load is a third process. */
export const benchPricing = async (): Promise<Figure> => {
  const suite = await startPrivateSuite({
    rabbitUrl: null,
    processes: {
      replicas: 1,
      // The limit per address is far below what is measured here.
      detour: (_, environment) => Promise.resolve({ ...environment, RATE_PUBLIC_PER_SECOND: '1000000' }),
    },
    durable: true,
  });
  const bare = fork(new URL('./bare-pricing.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const ours = `${suite.facts.gatewayUrl}${PATH}`;
    const bytes = await pageOf(ours);
    const limit = `http://127.0.0.1:${String(await portOf(bare))}${PATH}`;
    bare.send(bytes);
    await until(
      'the same bytes',
      () => pageOf(limit),
      (page) => page === bytes,
    );
    await fire(ours, 1);
    await fire(limit, 1);
    const rates: { ours: number; limit: number }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const rate = { ours: await fire(ours, SECONDS), limit: await fire(limit, SECONDS) };
      rates.push(rate);
      say(`  run ${run}: ${rate.ours} pages/s, bare ${rate.limit}/s, ratio ${rounded(rate.ours / rate.limit)}`);
    }
    say(`  ${String(Buffer.byteLength(bytes))} bytes a page`);
    return {
      name: 'pricing',
      unit: 'requests/s',
      ours: median(rates.map((rate) => rate.ours)),
      limit: median(rates.map((rate) => rate.limit)),
      ratio: rounded(median(rates.map((rate) => rate.ours / rate.limit))),
      aim: 0.5,
      aimFor: 'ratio, at least',
    };
  } finally {
    bare.disconnect();
    await suite.stop();
  }
};

const pageOf = async (url: string): Promise<string> => (await fetch(url)).text();

const portOf = async (child: ChildProcess): Promise<number> => {
  const message = z.tuple([z.object({ port: z.number() })]).rest(z.unknown());
  return message.parse(await once(child, 'message'))[0].port;
};

const Report = z.object({ '2xx': z.number(), non2xx: z.number(), errors: z.number(), duration: z.number() });

/** Requests per second that were answered well; any other answer ends the bench. */
const fire = async (url: string, seconds: number): Promise<number> => {
  const flags = `--json -n -c ${CONNECTIONS} -d ${seconds}`.split(' ');
  const autocannon = fileURLToPath(import.meta.resolve('autocannon'));
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...flags, url]);
  const report = Report.parse(JSON.parse(stdout));
  if (report.non2xx + report.errors > 0) throw new Error(`${report.non2xx} refusals and ${report.errors} errors`);
  return Math.round(report['2xx'] / report.duration);
};

import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { CARDS } from '@quittance/local';
import { z } from 'zod';

import { type BenchSuite, openCheckout, startBenchSuite, untilAllowed, WISH } from './bench-suite.ts';
import { type Figure, median, rounded, say } from './figure.ts';

const RUNS = 5;
const SECONDS = 4;
const CONNECTIONS = 50;
const PATH = '/v1/entitlements/check';

/** Through the gateway with everything on, and bare, turn by turn; the load comes from a third process. */
export const benchEntitlements = async (): Promise<Figure> => {
  const suite = await startBenchSuite(null);
  const bare = fork(new URL('./bare-express.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const account = await activeAccount(suite);
    const body = JSON.stringify({ account, product: WISH.product });
    const ours = { url: `${suite.facts.gatewayUrl}${PATH}`, body, token: suite.serviceToken };
    const limit = { url: `http://127.0.0.1:${await portOf(bare)}${PATH}`, body, token: suite.serviceToken };
    await fire(ours, 1);
    await fire(limit, 1);
    const rates: { ours: number; limit: number }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const rate = { ours: await fire(ours, SECONDS), limit: await fire(limit, SECONDS) };
      rates.push(rate);
      say(`  run ${run}: ${rate.ours} checks/s, bare ${rate.limit}/s, ratio ${rounded(rate.ours / rate.limit)}`);
    }
    return {
      name: 'entitlements',
      unit: 'requests/s',
      ours: median(rates.map((rate) => rate.ours)),
      limit: median(rates.map((rate) => rate.limit)),
      ratio: rounded(median(rates.map((rate) => rate.ours / rate.limit))),
      aim: 0.7,
      aimFor: 'ratio, at least',
    };
  } finally {
    bare.disconnect();
    await suite.stop();
  }
};

/** Somebody who bought, so that the answer is the one that is worth something. */
const activeAccount = async (suite: BenchSuite): Promise<string> => {
  const { account, payUrl } = await openCheckout(suite);
  await suite.shopper.pay(payUrl, CARDS.succeeds);
  await untilAllowed(suite, account, 10);
  return account;
};

const portOf = async (child: ChildProcess): Promise<number> => {
  const message = z.tuple([z.object({ port: z.number() })]).rest(z.unknown());
  return message.parse(await once(child, 'message'))[0].port;
};

const Report = z.object({ '2xx': z.number(), non2xx: z.number(), errors: z.number(), duration: z.number() });

/** Requests per second that were answered well; any other answer ends the bench. */
const fire = async (
  target: { readonly url: string; readonly body: string; readonly token: string },
  seconds: number,
): Promise<number> => {
  const flags = `--json -n -c ${CONNECTIONS} -d ${seconds} -m POST -H content-type:application/json`.split(' ');
  const autocannon = fileURLToPath(import.meta.resolve('autocannon'));
  const { stdout } = await promisify(execFile)(process.execPath, [
    autocannon,
    ...flags,
    '-H',
    `authorization: Bearer ${target.token}`,
    '-b',
    target.body,
    target.url,
  ]);
  const report = Report.parse(JSON.parse(stdout));
  if (report.non2xx + report.errors > 0) throw new Error(`${report.non2xx} refusals and ${report.errors} errors`);
  return Math.round(report['2xx'] / report.duration);
};

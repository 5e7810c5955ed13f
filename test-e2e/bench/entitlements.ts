import { CARDS } from '@quittance/local';

import { type BenchSuite, openCheckout, startBenchSuite, untilAllowed, WISH } from './bench-suite.ts';
import { type Figure, median, rounded, say } from './figure.ts';
import { fire, startBare } from './load.ts';

const RUNS = 5;
const PATH = '/v1/entitlements/check';

/** Through the gateway with everything on, its log lines too, and bare, turn by turn; a third process asks. */
export const benchEntitlements = async (): Promise<Figure> => {
  const suite = await startBenchSuite(null, { LOG_LEVEL: 'info' });
  const bare = await startBare(new URL('./bare-express.ts', import.meta.url));
  try {
    const account = await activeAccount(suite);
    const body = JSON.stringify({ account, product: WISH.product });
    const ours = { url: `${suite.facts.gatewayUrl}${PATH}`, body, token: suite.serviceToken };
    const limit = { ...ours, url: `${bare.url}${PATH}` };
    await fire(ours, 1);
    await fire(limit, 1);
    const rates: { ours: number; limit: number }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const rate = { ours: await fire(ours), limit: await fire(limit) };
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
    bare.stop();
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

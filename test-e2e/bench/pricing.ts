import { until } from '@quittance/local';

import { startBenchSuite } from './bench-suite.ts';
import { type Figure, median, rounded, say } from './figure.ts';
import { fire, startBare } from './load.ts';

const RUNS = 5;
const PATH = '/v1/pricing?lang=en&currency=USD';

/** Through the gateway with everything on but its rate limit, and bare, turn by turn; a third process asks. */
export const benchPricing = async (): Promise<Figure> => {
  // The limit per address is far below what is measured here.
  const suite = await startBenchSuite(null, { LOG_LEVEL: 'info', RATE_PUBLIC_PER_SECOND: '1000000' });
  const bare = await startBare(new URL('./bare-pricing.ts', import.meta.url));
  try {
    const ours = { url: `${suite.facts.gatewayUrl}${PATH}` };
    const bytes = await pageOf(ours.url);
    const limit = { url: `${bare.url}${PATH}` };
    bare.tell(bytes);
    await until(
      'the same bytes',
      () => pageOf(limit.url),
      (page) => page === bytes,
    );
    await fire(ours, 1);
    await fire(limit, 1);
    const rates: { ours: number; limit: number }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const rate = { ours: await fire(ours), limit: await fire(limit) };
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
    bare.stop();
    await suite.stop();
  }
};

const pageOf = async (url: string): Promise<string> => (await fetch(url)).text();

import { rabbitTestUrl } from '@quittance/testkit';

import { type BareChain, startBareChain } from './bare-hops.ts';
import { type BenchSuite, startBenchSuite, untilAllowed } from './bench-suite.ts';
import { cpuBySide, each, type Sums } from './cpu-by-side.ts';
import { type EntitlementNews, listenToEntitlements } from './entitlement-news.ts';
import { type Figure, median, percentile, rounded, say } from './figure.ts';
import { type PaidCheckout, prepareDelivery, preparePaid } from './webhooks.ts';

const RUNS = 5;
const SLOW = { perSecond: 5, count: 10 };
const FAST = { perSecond: 50, count: 50 };
/** Only until the replica that answers has heard the same news. */
const ASK_EVERY_MS = 2;
/** Paid and delivered before anything is measured: code loaded and compiled, statements prepared. */
const WARM_UP = { perSecond: 10, count: 100 };

interface OnTransport {
  readonly ours: number;
  readonly limit: number;
  readonly ratio: number;
  readonly at50: { readonly median: number; readonly p99: number; readonly cpuMsEach: Sums };
}

/** On PostgreSQL, and on RabbitMQ where there is one; the last line is of the transport that does worse. */
export const benchActivation = async (): Promise<Figure & Readonly<Record<string, unknown>>> => {
  const postgres = await onTransport(null);
  const rabbitUrl = await rabbitTestUrl();
  if (rabbitUrl === null) say('  RabbitMQ is left out: there is none (set RABBITMQ_URL).');
  const rabbitmq = rabbitUrl === null ? null : await onTransport(rabbitUrl);
  const worse = rabbitmq !== null && rabbitmq.ratio > postgres.ratio ? rabbitmq : postgres;
  const { ours, limit, ratio } = worse;
  return {
    name: 'activation',
    unit: 'ms',
    ours,
    limit,
    ratio,
    aim: 3,
    aimFor: 'ratio, at most',
    transport: worse === postgres ? 'postgres' : 'rabbitmq',
    postgres,
    rabbitmq,
  };
};

const onTransport = async (rabbitUrl: string | null): Promise<OnTransport> => {
  const transport = rabbitUrl === null ? 'PostgreSQL' : 'RabbitMQ';
  const suite = await startBenchSuite(rabbitUrl);
  const bare = await startBareChain(suite, rabbitUrl);
  const news = await listenToEntitlements(suite);
  const paced = (paid: readonly PaidCheckout[], perSecond: number) => activateAll({ suite, news }, paid, perSecond);
  try {
    const paid = [...(await preparePaid(suite, WARM_UP.count + RUNS * (SLOW.count + FAST.count)))];
    say(`  ${transport}: ${paid.length} checkouts are paid, their webhooks held back`);
    await paced(paid.splice(0, WARM_UP.count), WARM_UP.perSecond);
    const runs: { ours: number; limit: number }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const limit = median(await bareRuns(bare, SLOW.count));
      const ours = median(await paced(paid.splice(0, SLOW.count), SLOW.perSecond));
      runs.push({ ours, limit });
      say(
        `  ${transport}, run ${run} at 5/s: ${rounded(ours)} ms, bare ${rounded(limit)} ms, ${rounded(ours / limit)} ×`,
      );
    }
    const at50 = await atFifty(suite, () => paced(paid.splice(0, FAST.count), FAST.perSecond));
    say(
      `  ${transport}, at 50/s: median ${at50.median} ms, p99 ${at50.p99} ms; CPU of each: ${toldCpu(at50.cpuMsEach)}`,
    );
    return {
      ours: rounded(median(runs.map(({ ours }) => ours))),
      limit: rounded(median(runs.map(({ limit }) => limit))),
      ratio: rounded(median(runs.map(({ ours, limit }) => ours / limit))),
      at50,
    };
  } finally {
    await news.stop();
    await bare.stop();
    await suite.stop();
  }
};

/** Medians of the runs: the p99 of one short run would be its slowest alone. */
const atFifty = async (
  suite: BenchSuite,
  run: () => Promise<readonly number[]>,
): Promise<{ readonly median: number; readonly p99: number; readonly cpuMsEach: Sums }> => {
  const before = await cpuBySide(suite);
  const runs: (readonly number[])[] = [];
  for (let made = 0; made < RUNS; made += 1) runs.push(await run());
  return {
    median: rounded(median(runs.map((times) => median(times))), 1),
    p99: rounded(median(runs.map((times) => percentile(times, 0.99))), 1),
    cpuMsEach: each(before, await cpuBySide(suite), RUNS * FAST.count),
  };
};

const toldCpu = (cpuMsEach: Sums): string =>
  Object.entries(cpuMsEach)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, ms]) => `${name} ${ms} ms`)
    .join(', ');

/** Delivers so many webhooks a second, however long each takes; milliseconds from sending one to the answer allowed. */
const activateAll = async (
  { suite, news }: { readonly suite: BenchSuite; readonly news: EntitlementNews },
  paid: readonly PaidCheckout[],
  perSecond: number,
): Promise<readonly number[]> => {
  const activate = async (checkout: PaidCheckout): Promise<number> => {
    const deliver = prepareDelivery(suite, checkout);
    const startedMs = performance.now();
    await Promise.all([deliver(), news.of(checkout.account)]);
    await untilAllowed(suite, checkout.account, ASK_EVERY_MS);
    return performance.now() - startedMs;
  };
  const running: Promise<number>[] = [];
  for (const checkout of paid) {
    running.push(activate(checkout));
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
  return Promise.all(running);
};

const bareRuns = async (bare: BareChain, count: number): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let run = 0; run < count; run += 1) {
    times.push(await bare.run());
    await new Promise((resolve) => setTimeout(resolve, 1000 / SLOW.perSecond));
  }
  return times;
};

import { parseArgs } from 'node:util';

import { toError } from '@quittance/kernel';
import { makeShopper, until } from '@quittance/local';
import { rabbitTestUrl, runAtEnd } from '@quittance/testkit';

import { startPrivateSuite } from '../support/private-suite.ts';
import { checkInvariants, type Harm, type Violation } from './invariants.ts';
import { essentialKillPlaces, type KillPlace, killPlaces } from './kill-matrix.ts';
import { type FaultSuite, purchaseUnderFault } from './purchase-under-fault.ts';
import { openTruths, type Truths } from './truths.ts';

const USAGE = `Usage: pnpm test:faults [F1] [--seed N] [--quick] [--first N]

  F1       SIGKILL before and after every durable step of a purchase
  --seed   order of the kill points (default 1)
  --quick  only commit, publish, provider calls and webhook store
  --first  no more than so many of them`;

const QUIET_WITHIN_MS = 120_000;

interface Sums {
  readonly injected: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unbalanced: number;
  readonly stuck: number;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const main = async (): Promise<boolean> => {
  const { values, positionals } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      first: { type: 'string', default: '1000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => name !== 'F1' && name !== '--');
  if (values.help || unknown.length > 0) {
    say(unknown.length > 0 ? `There is no fault ${unknown.join(', ')} here.\n\n${USAGE}` : USAGE);
    return unknown.length === 0;
  }
  const all = shuffled(values.quick ? essentialKillPlaces() : killPlaces(), Number(values.seed));
  const places = all.slice(0, Number(values.first));
  const sums = await runKills(places, values.seed);
  say(JSON.stringify(sums));
  return sums.lost + sums.doubled + sums.unbalanced + sums.stuck === 0 && sums.injected === places.length;
};

const runKills = async (places: readonly KillPlace[], seed: string): Promise<Sums> => {
  const rabbitUrl = await rabbitTestUrl();
  say(`F1  ${places.length} kill points, over ${rabbitUrl === null ? 'the PostgreSQL transport' : 'RabbitMQ'}`);
  const suite = await startPrivateSuite({ rabbitUrl, processes: { replicas: 1 }, beatIntervalMs: 60_000 });
  const truths = openTruths(suite.facts);
  try {
    const shopper = makeShopper(suite.facts);
    const [serviceToken, financeToken] = await Promise.all([shopper.token('whatsapp-qr'), shopper.token('finance')]);
    const faultSuite: FaultSuite = {
      shopper,
      truths,
      processes: suite.processes?.processes ?? [],
      serviceToken,
      financeToken,
    };
    await untilSelling(faultSuite);
    let sums: Sums = { injected: 0, lost: 0, doubled: 0, unbalanced: 0, stuck: 0 };
    for (const place of places) sums = add(sums, await oneLine(faultSuite, place, seed));
    const left = await untilQuiet(truths);
    for (const { invariant, what } of left) say(`      ${invariant}: ${what}`);
    return add(sums, sumsOf(0, left));
  } finally {
    await truths.end();
    await suite.stop();
  }
};

const oneLine = async (suite: FaultSuite, place: KillPlace, seed: string): Promise<Sums> => {
  const name = `F1  ${`${place.service} ${place.point}`.padEnd(44)} seed ${seed}`;
  try {
    const { injected, violations } = await purchaseUnderFault(suite, place);
    const sums = sumsOf(injected ? 1 : 0, violations);
    say(`${name}  ${told(sums)}${injected ? '' : '  (the point was never passed)'}`);
    for (const { invariant, what } of violations) say(`      ${invariant}: ${what}`);
    return sums;
  } catch (error) {
    const sums = { injected: 0, lost: 0, doubled: 0, unbalanced: 0, stuck: 1 };
    say(`${name}  ${told(sums)}  ${toError(error).message}`);
    return sums;
  }
};

/** L1: with the faults off, all work ends within 120 s; what is left then is a violation. */
const untilQuiet = (truths: Truths): Promise<readonly Violation[]> =>
  until('quiet', () => checkInvariants(truths), {
    enough: (violations) => violations.length === 0,
    deadlineMs: QUIET_WITHIN_MS,
    everyMs: 500,
  }).catch(() => checkInvariants(truths));

/** The catalogue travels by message. */
const untilSelling = async ({ shopper }: FaultSuite): Promise<void> => {
  const token = await shopper.customerToken('acc_first');
  const wish = { product: 'automation', plan: 'free', interval: 'month', currency: 'USD' } as const;
  await until('the catalogue to reach the checkout', () => shopper.checkout(token, wish).catch(() => null), {
    enough: (session) => session !== null,
    everyMs: 200,
    deadlineMs: 30_000,
  });
};

const sumsOf = (injected: number, violations: readonly Violation[]): Sums => {
  const count = (harm: Harm): number => violations.filter((violation) => violation.harm === harm).length;
  return {
    injected,
    lost: count('lost'),
    doubled: count('doubled'),
    unbalanced: count('unbalanced'),
    stuck: count('stuck'),
  };
};

const add = (a: Sums, b: Sums): Sums => ({
  injected: a.injected + b.injected,
  lost: a.lost + b.lost,
  doubled: a.doubled + b.doubled,
  unbalanced: a.unbalanced + b.unbalanced,
  stuck: a.stuck + b.stuck,
});

const told = ({ injected, lost, doubled, unbalanced, stuck }: Sums): string =>
  `injected ${injected}  lost ${lost}  doubled ${doubled}  unbalanced ${unbalanced}  stuck ${stuck}`;

/** Fisher–Yates over a small linear congruential generator (Numerical Recipes): the same seed, the same order. */
const shuffled = <T>(items: readonly T[], seed: number): readonly T[] => {
  const order = [...items];
  let state = seed >>> 0;
  for (let index = order.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (index + 1);
    const [here, there] = [order[index], order[other]];
    if (here !== undefined && there !== undefined) [order[index], order[other]] = [there, here];
  }
  return order;
};

try {
  const held = await main();
  await runAtEnd();
  process.exit(held ? 0 : 1);
} catch (error) {
  process.stderr.write(`${toError(error).stack}\n`);
  await runAtEnd();
  process.exit(1);
}

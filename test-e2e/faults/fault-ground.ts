import { must } from '@quittance/kernel';
import { makeShopper, type ProcessSuite, until } from '@quittance/local';
import { rabbitTestUrl } from '@quittance/testkit';

import { type PrivateSuiteOptions, startPrivateSuite } from '../support/private-suite.ts';
import { add, type FaultOptions, type Sums, tell, type Violation } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { type Keeper, keepAlive } from './keeper.ts';
import { type Counter } from './purchase.ts';
import { openTruths } from './truths.ts';

const QUIET_WITHIN_MS = 120_000;
const REPLICAS = 2;

/** A world to be hurt: two replicas of every service as processes, real servers, the provider with its own books. */
export interface FaultGround extends Counter {
  readonly processes: ProcessSuite['processes'];
  readonly gatewayUrls: readonly string[];
  readonly keeper: Keeper;
}

/** What differs from the ordinary ground: other servers, proxies in between, other retry tiers. */
export type GroundOptions = Partial<PrivateSuiteOptions>;

/**
 * Starts the world, waits until it sells, lets `work` hurt it, and then, with the faults off, holds it to L1: quiet
 * within 120 s, every invariant kept. The line of L1 says how long it took.
 */
export const onFaultGround = async (
  options: FaultOptions,
  ground: GroundOptions,
  work: (ground: FaultGround) => Promise<Sums>,
): Promise<Sums> => {
  const rabbitUrl = ground.rabbitUrl === undefined ? await rabbitTestUrl() : ground.rabbitUrl;
  const suite = await startPrivateSuite({
    rabbitUrl,
    processes: { replicas: REPLICAS },
    // A fault must hit a purchase and not a beat.
    beatIntervalMs: 60_000,
    ...ground,
  });
  const { processes, gatewayUrls } = must(suite.processes, 'processes');
  const truths = openTruths(suite.facts);
  const keeper = keepAlive(processes);
  try {
    const shopper = makeShopper(suite.facts);
    await untilSelling(shopper);
    const [serviceToken, financeToken] = await Promise.all([shopper.token('whatsapp-qr'), shopper.token('finance')]);
    const sums = await work({ shopper, truths, processes, gatewayUrls, keeper, serviceToken, financeToken });
    await keeper.settled();
    return add(sums, await untilQuiet({ truths, keeper }, options));
  } finally {
    keeper.stop();
    await truths.end();
    await suite.stop();
  }
};

/** L1: with the faults off, all work ends within 120 s; what is left then is a violation. */
const untilQuiet = async (
  { truths, keeper }: Pick<FaultGround, 'truths' | 'keeper'>,
  { seed, say }: FaultOptions,
): Promise<Sums> => {
  const startedMs = performance.now();
  const check = async (): Promise<readonly Violation[]> => [...(await checkInvariants(truths)), ...keeper.violations()];
  const left = await until('quiet', check, {
    enough: (violations) => violations.length === 0,
    deadlineMs: QUIET_WITHIN_MS,
    everyMs: 250,
  }).catch(check);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  return tell({ id: 'L1', what: `quiet after ${seconds} s, invariants checked`, seed, injected: 0 }, left, say);
};

/** The catalogue travels by message. */
const untilSelling = async (shopper: Counter['shopper']): Promise<void> => {
  const token = await shopper.customerToken('acc_first');
  const wish = { product: 'automation', plan: 'free', interval: 'month', currency: 'USD' } as const;
  await until('the catalogue to reach the checkout', () => shopper.checkout(token, wish).catch(() => null), {
    enough: (session) => session !== null,
    everyMs: 200,
    deadlineMs: 60_000,
  });
};

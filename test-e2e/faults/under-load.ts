import { toError } from '@quittance/kernel';
import { makeShopper } from '@quittance/local';

import { type FaultGround } from './fault-ground.ts';
import { type Violation } from './fault.ts';
import { type HangWatch, makeHangWatch } from './hang-watch.ts';
import { judgeMany } from './many-purchases.ts';
import { buy, type Purchase } from './purchase.ts';

export interface LoadOptions {
  /** Purchases under way at any time. */
  readonly atOnce: number;
  /** Where the world is hurt more of the time than it is whole, nobody is served sooner than it lets them. */
  readonly patienceMs?: number;
}

export interface LoadResult {
  readonly injected: number;
  readonly bought: number;
  readonly violations: readonly Violation[];
  readonly watch: HangWatch;
}

/**
 * Purchases through both doors, one after the other in every lane, for as long as `disturb` hurts the world; those that
 * were begun are finished afterwards, and every one of them is judged.
 */
export const underLoad = async (
  ground: FaultGround,
  { atOnce, patienceMs }: LoadOptions,
  disturb: () => Promise<number>,
): Promise<LoadResult> => {
  const watch = makeHangWatch();
  const bought: Purchase[] = [];
  const violations: Violation[] = [];
  const over = new AbortController();
  const lane = async (number: number): Promise<void> => {
    const gatewayUrl = ground.gatewayUrls[number % ground.gatewayUrls.length] ?? ground.facts.gatewayUrl;
    const shopper = makeShopper({ gatewayUrl, sandboxUrl: ground.facts.sandboxUrl, send: watch.send });
    do {
      await buy({ ...ground, shopper, ...(patienceMs === undefined ? {} : { patienceMs }) }).then(
        (purchase) => bought.push(purchase),
        (error: unknown) => violations.push({ invariant: 'purchase', harm: 'stuck', what: toError(error).message }),
      );
    } while (!over.signal.aborted);
  };
  const lanes = Promise.all(Array.from({ length: atOnce }, (_, number) => lane(number)));
  let injected = 0;
  try {
    injected = await disturb();
  } finally {
    over.abort();
    await lanes;
  }
  await ground.keeper.settled();
  // All at once: one by one, each would read the provider's whole books and verify the whole chain.
  violations.push(...(await judgeMany(ground, bought)));
  return { injected, bought: bought.length, violations: [...violations, ...watch.violations()], watch };
};

import { type Price, type PublishedPlan } from './plan.ts';

export interface PriceChange {
  readonly before: Price | null;
  readonly after: Price;
}

/** What of the version on sale costs something else, or has tax in it otherwise, in the next one. */
export const priceChanges = (
  before: Pick<PublishedPlan, 'current'>,
  after: Pick<PublishedPlan, 'current'>,
): readonly PriceChange[] =>
  after.current.prices
    .map((price) => ({ before: before.current.prices.find((each) => isSame(each, price)) ?? null, after: price }))
    .filter((change) => change.before === null || differs(change.before, change.after));

const isSame = (left: Price, right: Price): boolean =>
  left.currency === right.currency && left.interval === right.interval && left.region === right.region;

const differs = (left: Price, right: Price): boolean =>
  left.amountMinor !== right.amountMinor || left.taxBehavior !== right.taxBehavior;

import { makeShopper, type RunningSuite, type Shopper, until } from '@quittance/local';

import { type PrivateSuiteOptions, startPrivateSuite } from './private-suite.ts';

/** A running suite whose plans can be bought, and who buys there; both only once the tests run. */
export interface Shop {
  readonly suite: () => RunningSuite;
  readonly shopper: () => Shopper;
}

/** Opens before the tests of the `describe` it is called in, closes after them, and is theirs together. */
export const openShop = (options: PrivateSuiteOptions): Shop => {
  let suite: RunningSuite;
  let shopper: Shopper;

  before(async function () {
    this.timeout(120_000);
    suite = await startPrivateSuite(options);
    shopper = makeShopper(suite.facts);
    const first = await shopper.customerToken('acc_first');
    await until(
      'the catalogue reaches the checkout',
      () =>
        shopper
          .checkout(first, { product: 'automation', plan: 'free', interval: 'month', currency: 'USD' })
          .catch(() => null),
      (session) => session !== null,
    );
  });

  after(() => suite.stop());

  return { suite: () => suite, shopper: () => shopper };
};

import { CARDS, STORING_SERVICES } from '@quittance/local';
import type pg from 'pg';

import { type BenchSuite, openCheckout, openPool, untilAllowed } from './bench-suite.ts';

/** Databases that a renewal writes to, beside the provider's own. */
export const WRITTEN = STORING_SERVICES.filter((name) => name !== 'catalog');

export type Pools = ReadonlyMap<string, pg.Pool>;

export const openPools = (suite: BenchSuite): Pools =>
  new Map([...WRITTEN, 'bus', 'sandbox'].map((name) => [name, openPool(suite, name, 8)]));

/** One customer who has really bought, to be the model of all others. */
export const buyModel = async (suite: BenchSuite): Promise<string> => {
  const { account, payUrl } = await openCheckout(suite);
  await suite.shopper.pay(payUrl, CARDS.succeeds);
  await untilAllowed(suite, account, 50);
  return account;
};

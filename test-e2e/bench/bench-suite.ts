import { randomUUID } from 'node:crypto';

import { must } from '@quittance/kernel';
import {
  CARDS,
  databaseNameOf,
  makeShopper,
  type RunningSuite,
  type Shopper,
  until,
  withDatabase,
} from '@quittance/local';
import pg from 'pg';

import { startPrivateSuite } from '../support/private-suite.ts';

export const WISH = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;

export interface BenchSuite extends RunningSuite {
  readonly shopper: Shopper;
  readonly serviceToken: string;
}

/**
 * A suite that sells: every service a process of its own, on a PostgreSQL of its own that waits for the disk. What else
 * its processes are told is `environment`.
 */
export const startBenchSuite = async (
  rabbitUrl: string | null,
  environment: Readonly<Record<string, string>> = {},
): Promise<BenchSuite> => {
  const suite = await startPrivateSuite({
    rabbitUrl,
    processes: { replicas: 1, detour: (_, told) => Promise.resolve({ ...told, ...environment }) },
    durable: true,
  });
  try {
    const shopper = makeShopper(suite.facts);
    const serviceToken = await shopper.token('whatsapp-qr');
    const token = await shopper.customerToken('acc_first');
    await until('the catalogue to reach the checkout', () => shopper.checkout(token, WISH).catch(() => null), {
      enough: (session) => session !== null,
      everyMs: 200,
      deadlineMs: 60_000,
    });
    return { ...suite, shopper, serviceToken };
  } catch (error) {
    await suite.stop();
    throw error;
  }
};

export interface Prepared {
  readonly account: string;
  readonly checkoutId: string;
  readonly payUrl: string;
}

/** A new customer with a checkout to pay. */
export const openCheckout = async ({ shopper }: Pick<BenchSuite, 'shopper'>): Promise<Prepared> => {
  const account = `acc_${randomUUID().slice(0, 12)}`;
  const token = await shopper.customerToken(account);
  const session = await shopper.checkout(token, WISH);
  const open = await until('a page to pay on', () => shopper.checkoutSession(token, session.id), {
    enough: ({ payUrl }) => payUrl !== null,
    deadlineMs: 60_000,
  });
  return { account, checkoutId: session.id, payUrl: must(open.payUrl, 'pay url') };
};

/** Resolves when the account may use what it bought. */
export const untilAllowed = async (
  { shopper, serviceToken }: Pick<BenchSuite, 'shopper' | 'serviceToken'>,
  account: string,
  everyMs: number,
): Promise<void> => {
  await until('access', () => shopper.check(serviceToken, { account, product: WISH.product }), {
    enough: ({ allowed }) => allowed,
    deadlineMs: 60_000,
    everyMs,
  });
};

/** One purchase from beginning to end. */
export const buy = async (suite: Pick<BenchSuite, 'shopper' | 'serviceToken'>): Promise<void> => {
  const { account, payUrl } = await openCheckout(suite);
  await suite.shopper.pay(payUrl, CARDS.succeeds);
  await untilAllowed(suite, account, 10);
};

/** A pool on one of the suite's databases, as its administrator. */
export const openPool = ({ facts }: Pick<RunningSuite, 'facts'>, name: string, max: number): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: withDatabase(facts.adminUrl, databaseNameOf(name, facts.databasePrefix)),
    max,
  });
  pool.on('error', () => undefined);
  return pool;
};

/** `count` times `work`, at most `atOnce` at a time. */
export const inParallel = async (count: number, atOnce: number, work: () => Promise<void>): Promise<void> => {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
};

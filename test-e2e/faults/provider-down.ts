import { CARDS, until } from '@quittance/local';

import { HOUR_MS, letTimePassAtTheRail, MINUTE_MS } from './clocks.ts';
import { type Sums, tell, type Violation } from './fault.ts';
import { countTo, inLanes } from './lanes.ts';
import { AT_ONCE, judgeMany } from './many-purchases.ts';
import { buy, newAccount, openCheckout, type Purchase, WISH } from './purchase.ts';
import { oneSessionEach, type Trouble } from './trouble.ts';

/** Hours after the outage began; the rail stops sending at 23, the provider forgets at 24. */
const HOURS = [1, 6, 22.9, 23.1, 24.5, 25];

const PATIENTLY = { deadlineMs: 120_000, everyMs: 200 } as const;

/**
 * The provider is gone for 25 hours. One third has paid and nobody heard of it; one third is opened and the answer was
 * lost; one third never reached it. In the end the first are live, the second expired, the third wait for a person,
 * and whoever has nothing may buy again.
 */
export const providerDown = async (trouble: Trouble, count: number): Promise<Sums> => {
  const { ground, standIn, options } = trouble;
  const third = countTo(Math.ceil(count / 3));
  await standIn.holdWebhooks(true);
  await standIn.hurt({ match: 'GET *', kind: 'reset', times: 1_000_000 });
  const paid = await inLanes(third, AT_ONCE, async (): Promise<Purchase> => {
    const account = newAccount();
    const { checkoutId, payUrl } = await openCheckout(ground, account);
    await ground.shopper.pay(payUrl, CARDS.succeeds);
    return { account, checkoutId };
  });
  const lost = await begin(trouble, third.length, 'answer_lost');
  const never = await begin(trouble, third.length, 'reset');
  await standIn.heal();
  await standIn.hurt({ match: '*', kind: 'reset', times: 1_000_000 });
  const everybody = [...paid.map(({ account }) => account), ...lost, ...never];
  for (const hours of HOURS) {
    const before = await triesOf(trouble, everybody);
    await letTimePassAtTheRail(ground, standIn, hours * HOUR_MS);
    await until('every order to be tried again', () => triesOf(trouble, everybody), {
      ...PATIENTLY,
      enough: (now) => [...now].every(([order, tries]) => tries > (before.get(order) ?? 0)),
    });
  }
  await standIn.heal();
  await letTimePassAtTheRail(ground, standIn, 25 * HOUR_MS + 10 * MINUTE_MS);
  await standIn.holdWebhooks(false);
  const violations = [...(await judgeMany(ground, paid)), ...(await settledOrParked(trouble, [...lost, ...never]))];
  const again = await inLanes([...lost, ...never], AT_ONCE, (account) => buy(ground, account));
  violations.push(...(await judgeMany(ground, again, null)), ...(await oneSessionEach(trouble, [...paid, ...again])));
  const injected = paid.length + lost.length + never.length;
  return tell({ id: 'F9', what: 'the provider down for 25 h', seed: options.seed, injected }, violations, options.say);
};

/** Customers whose order is sent to a provider that does not answer. */
const begin = async (
  { ground, standIn }: Trouble,
  count: number,
  kind: 'answer_lost' | 'reset',
): Promise<readonly string[]> => {
  await standIn.heal();
  await standIn.hurt({ match: 'GET *', kind: 'reset', times: 1_000_000 });
  await standIn.hurt({ match: 'POST /v1/checkout/sessions', kind, times: 1_000_000 });
  const accounts = countTo(count).map(() => newAccount());
  await inLanes(accounts, AT_ONCE, async (account) => {
    const token = await ground.shopper.customerToken(account);
    await ground.shopper.checkout(token, { ...WISH, interval: 'year' });
  });
  const sent = () =>
    ground.truths.rows<{ id: string }>(
      'payments-card',
      'SELECT id FROM orders WHERE account_id = ANY ($1::text[]) AND unknown_since IS NOT NULL',
      [accounts],
    );
  await until('every order to be sent', sent, { ...PATIENTLY, enough: (rows) => rows.length === accounts.length });
  return accounts;
};

/** An hour has passed when every order that waited for it has been tried once more. */
const triesOf = async ({ ground }: Trouble, accounts: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const rows = await ground.truths.rows<{ id: string; tries: number }>(
    'payments-card',
    'SELECT id, tries FROM orders WHERE account_id = ANY ($1::text[])',
    [accounts],
  );
  return new Map(rows.map(({ id, tries }) => [id, tries]));
};

/** What the provider opened has expired; what it never heard of waits for a person. Nothing is simply forgotten. */
const settledOrParked = async ({ ground }: Trouble, accounts: readonly string[]): Promise<readonly Violation[]> => {
  const waiting = async (): Promise<readonly Violation[]> => {
    const rows = await ground.truths.rows<{ id: string; state: string; parked: string | null }>(
      'payments-card',
      'SELECT id, state, parked_code AS parked FROM orders WHERE account_id = ANY ($1::text[])',
      [accounts],
    );
    return rows
      .filter(({ state, parked }) => state !== 'expired' && parked !== 'payments_card.outcome_unknown')
      .map(({ id, state }) => ({
        invariant: 'F9',
        harm: 'stuck',
        what: `order ${id} is ${state}, and nobody is told`,
      }));
  };
  return until('every order to be settled', waiting, { ...PATIENTLY, enough: (left) => left.length === 0 }).catch(
    waiting,
  );
};

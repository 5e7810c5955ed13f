import { CARDS, until } from '@quittance/local';

import { sandboxClock } from '../support/sandbox-clock.ts';
import { ODD_DAYS, type OddDay } from './calendar-days.ts';
import { HOUR_MS, MINUTE_MS, offBy, setClocks, TRUE_TIME } from './clocks.ts';
import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { ASKING_SOON } from './grounds.ts';
import { countTo } from './lanes.ts';
import { judgeMany } from './many-purchases.ts';
import { newAccount, openCheckout, WISH } from './purchase.ts';
import { makeRandom, type SeededRandom } from './seeded-random.ts';
import { openStandIn, type StandIn } from './stand-in.ts';

const APART_ROUNDS = 20;
const BACK_ROUNDS = 10;
const QUICK_DAYS = 6;
const QUICK_ROUNDS = 2;

/** How long clocks stay wrong when nothing can move on without the right ones. */
const WRONG_FOR_MS = 8_000;

interface Watch {
  readonly ground: FaultGround;
  readonly standIn: StandIn;
  readonly random: SeededRandom;
  readonly options: FaultOptions;
  /** Of the suite's own clock, which the fault before may have moved on. */
  readonly aheadMs: number;
}

export const wrongClocksFault: Fault = {
  id: 'F12',
  title: 'clocks 10 min apart, an hour back; month ends, leap days, summer time, year ends',
  seeds: 1,
  planned: APART_ROUNDS + BACK_ROUNDS + ODD_DAYS.length,
  run: (options) =>
    onFaultGround(options, ASKING_SOON, async (ground) => {
      const standIn = openStandIn(ground.facts);
      const aheadMs = (await sandboxClock(ground.facts).now()).getTime() - Date.now();
      const watch = { ground, standIn, random: makeRandom(options.seed), options, aheadMs };
      try {
        let sums = add(await clocksApart(watch), await anHourBack(watch));
        for (const day of daysOf(watch)) sums = add(sums, await acrossDay(watch, day));
        return sums;
      } finally {
        await standIn.end();
      }
    }),
};

/** Backwards from the last: what was bought on a later day must not fall due in the middle of the next. */
const daysOf = ({ random, options }: Watch): readonly OddDay[] => {
  const days = options.quick ? random.shuffled(ODD_DAYS).slice(0, QUICK_DAYS) : ODD_DAYS;
  return days.slice(0, options.firstMax).toSorted((a, b) => b.opensAt.localeCompare(a.opensAt));
};

/** Business time alone: the calendar of the story, while tokens and leases live in the true one. */
const acrossDay = async ({ ground, standIn, options, aheadMs }: Watch, day: OddDay): Promise<Sums> => {
  const setDate = async (instant: string): Promise<void> => {
    const shift = { businessMs: Date.parse(instant) - Date.now() - aheadMs, wallMs: 0 };
    await standIn.shiftClocks(shift);
    await setClocks(ground, () => shift);
  };
  const account = newAccount();
  await setDate(day.opensAt);
  const { checkoutId, payUrl } = await openCheckout(ground, account, { ...WISH, interval: day.interval });
  await setDate(day.paysAt);
  await ground.shopper.pay(payUrl, CARDS.succeeds);
  const violations = [
    ...(await judgeMany(ground, [{ account, checkoutId }])),
    ...(await judgeDates(ground, account, day)),
  ];
  const what = `${day.what} (${day.opensAt.slice(0, 16)}, ${day.interval})`;
  return tell({ id: 'F12', what, seed: options.seed, injected: 1 }, violations, options.say);
};

const judgeDates = async ({ truths }: FaultGround, account: string, day: OddDay): Promise<readonly Violation[]> => {
  const [invoices, subscriptions] = await Promise.all([
    truths.rows<{ number: string; issued: Date }>(
      'invoicing',
      'SELECT number, issued_at AS issued FROM invoices WHERE account_id = $1 AND number IS NOT NULL',
      [account],
    ),
    truths.rows<{ start: Date; end: Date }>(
      'subscription',
      'SELECT period_start AS start, period_end AS end FROM subscriptions WHERE account_id = $1',
      [account],
    ),
  ]);
  const facts = [
    ...invoices.map(({ number }) => ['the year of the number', number.split('-').at(-2), String(day.year)] as const),
    ...subscriptions.flatMap(({ start, end }) => [
      ['the day it begins', start.toISOString().slice(0, 10), day.opensAt.slice(0, 10)] as const,
      ['the day it ends', end.toISOString().slice(0, 10), day.ends] as const,
      ['the time of day it ends', end.toISOString().slice(10), start.toISOString().slice(10)] as const,
    ]),
  ];
  return facts
    .filter(([, got, wanted]) => got !== wanted)
    .map(([what, got, wanted]) => ({ invariant: 'F12', harm: 'unbalanced', what: `${what} is ${got}, not ${wanted}` }));
};

/** The customer is on the payment page when the clocks of the services go apart, each replica by its own error. */
const clocksApart = (watch: Watch): Promise<Sums> =>
  underWrongClocks(watch, {
    what: 'clocks up to 10 min apart while the customer pays',
    rounds: watch.options.quick ? QUICK_ROUNDS : APART_ROUNDS,
    errorMs: () => watch.random.pick([-10, 0, 10]) * MINUTE_MS,
  });

const anHourBack = (watch: Watch): Promise<Sums> =>
  underWrongClocks(watch, {
    what: 'some clocks an hour back while the customer pays',
    rounds: watch.options.quick ? QUICK_ROUNDS : BACK_ROUNDS,
    errorMs: () => watch.random.pick([0, -HOUR_MS]),
  });

interface WrongClocks {
  readonly what: string;
  readonly rounds: number;
  readonly errorMs: () => number;
}

/** Work that can go on, goes on; what a wrong clock refuses (a webhook too old) is done when the clocks are right. */
const underWrongClocks = async ({ ground, options }: Watch, { what, rounds, errorMs }: WrongClocks): Promise<Sums> => {
  let sums = NOTHING;
  for (const _ of countTo(Math.min(rounds, options.firstMax))) {
    const account = newAccount();
    const { checkoutId, payUrl } = await openCheckout(ground, account);
    await setClocks(ground, ({ service }) => (service === 'gateway' ? TRUE_TIME : offBy(errorMs())));
    await ground.shopper.pay(payUrl, CARDS.succeeds);
    const soon = await isActive(ground, account);
    await setClocks(ground, () => TRUE_TIME);
    const violations = await judgeMany(ground, [{ account, checkoutId }]);
    const when = soon ? 'live meanwhile' : 'live afterwards';
    sums = add(
      sums,
      tell({ id: 'F12', what: `${what}: ${when}`, seed: options.seed, injected: 1 }, violations, options.say),
    );
  }
  return sums;
};

const isActive = ({ truths }: FaultGround, account: string): Promise<boolean> =>
  until(
    'the subscription',
    () =>
      truths.rows('subscription', "SELECT 1 FROM subscriptions WHERE account_id = $1 AND status = 'active'", [account]),
    { enough: (rows) => rows.length > 0, deadlineMs: WRONG_FOR_MS, everyMs: 100 },
  ).then(
    () => true,
    () => false,
  );

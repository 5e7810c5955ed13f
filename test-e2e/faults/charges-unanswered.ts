import { toError } from '@quittance/kernel';
import { until } from '@quittance/local';

import { HOUR_MS, letTimePassAtTheRail } from './clocks.ts';
import { type Sums, tell, type Violation } from './fault.ts';
import { CALL_DEADLINE_MS } from './grounds.ts';
import { buy, exactly } from './purchase.ts';
import { chargesOf, type DueRun, fallDue, judgeRun, letThemRenew } from './renewing.ts';
import { type StandInFault } from './stand-in.ts';
import { type Trouble } from './trouble.ts';

const CHARGE = 'POST /v1/payment_intents';

/** Charged and the answer lost; broken, and that answer kept under its key; not arrived; nothing heard in time. */
export const CHARGE_KINDS = ['answer_lost', '502', 'hang', '500'] as const satisfies readonly StandInFault['kind'][];

interface Unanswered {
  readonly what: string;
  readonly kind: (typeof CHARGE_KINDS)[number];
  readonly count: number;
}

/** From here on the provider may have forgotten the key, and nothing is sent again. */
const FORGOTTEN_AFTER_MS = 23.1 * HOUR_MS;
/** A 500 that is repeated under its key uses up another one, which a charge that has not met any would lack. */
const ENOUGH_FOR_ALL = 1_000_000;
const PATIENTLY = { deadlineMs: 120_000, everyMs: 200 } as const;

/**
 * Renewals whose customer is not there: the first charge of each stored card meets the trouble. Whoever does not know
 * what became of it reads, and in the end each has been charged once, or a person is asked.
 */
export const chargesUnanswered = async (trouble: Trouble, { what, kind, count }: Unanswered): Promise<Sums> => {
  const { ground, standIn, options } = trouble;
  const { account: model } = await buy(ground);
  const run = await fallDue(ground, { model, name: `f9s${options.seed}k${kind.replace('_', '')}n`, count });
  // No webhook comes to their help before they have asked themselves.
  await standIn.holdWebhooks(true);
  const times = kind === '500' ? ENOUGH_FOR_ALL : count;
  await standIn.hurt({ match: CHARGE, kind, times, ms: 4 * CALL_DEADLINE_MS });
  const renewed = kind === '500' ? leftToAPerson(trouble, run) : renewedOnce(trouble, run);
  const violations = await renewed.catch((error: unknown): readonly Violation[] => [
    { invariant: 'F9', harm: 'stuck', what: toError(error).message },
  ]);
  const left = await standIn.faultsLeft();
  await standIn.heal();
  await standIn.holdWebhooks(false);
  const line = { id: 'F9', what, seed: options.seed, injected: Math.min(count, times - left), planned: count };
  return tell(line, violations, options.say);
};

const renewedOnce = async ({ ground }: Trouble, run: DueRun): Promise<readonly Violation[]> => {
  await letThemRenew(ground, run);
  return judgeRun(ground, run);
};

/**
 * The provider answers with the same 500 for as long as it remembers the key, and under another key nobody's card is
 * charged: when the key may be forgotten, the order waits for a person.
 */
const leftToAPerson = async ({ ground, standIn }: Trouble, run: DueRun): Promise<readonly Violation[]> => {
  const orders = (state: string): Promise<readonly unknown[]> =>
    ground.truths.rows('payments-card', `SELECT 1 FROM orders WHERE account_id LIKE $1 AND ${state}`, [
      `acc_${run.name}%`,
    ]);
  const brokenCharges = (): Promise<readonly unknown[]> =>
    ground.truths.outside("SELECT 1 FROM stripe_idempotency WHERE status = 500 AND key LIKE 'charge:%'");
  const all = { ...PATIENTLY, enough: (rows: readonly unknown[]) => rows.length === run.count };
  // The clock has moved when everything is quiet, which it is when the last of them is parked.
  const renewing = letThemRenew(ground, run);
  const parking = (async () => {
    // An open breaker lets not all of them out at once, and who was not let out has not met it.
    await until('every charge to be broken', brokenCharges, all);
    await until('every charge to be unanswered', () => orders('unknown_since IS NOT NULL'), all);
    await letTimePassAtTheRail(ground, standIn, FORGOTTEN_AFTER_MS);
    await until('every order to be parked', () => orders("parked_code = 'payments_card.outcome_unknown'"), all);
  })();
  await Promise.all([renewing, parking]);
  await letTimePassAtTheRail(ground, standIn, 0);
  return exactly('charges of renewals', (await chargesOf(ground, run)).length, 0);
};

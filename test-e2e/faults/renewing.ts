import { addDueCustomers, type DueCustomers } from '../support/due-customers.ts';
import { sandboxClock } from '../support/sandbox-clock.ts';
import { capturedCharges } from './captured-charges.ts';
import { type FaultGround } from './fault-ground.ts';
import { type Violation } from './fault.ts';
import { exactly } from './purchase.ts';
import { type Books } from './truths.ts';

/** Many subscriptions that fall due at one instant. */
export interface DueRun {
  readonly name: string;
  readonly count: number;
  readonly dueAt: Date;
}

/** Customers like `model`, each with a card of its own on file. */
export const fallDue = async ({ facts }: Pick<FaultGround, 'facts'>, batch: DueCustomers): Promise<DueRun> => ({
  ...batch,
  dueAt: await addDueCustomers(facts, batch),
});

/** Moves the clock past the instant; the answer comes when the suite is quiet, whoever died meanwhile. */
export const letThemRenew = async ({ facts }: Pick<FaultGround, 'facts'>, { dueAt }: DueRun): Promise<void> => {
  await sandboxClock(facts).advance({ to: new Date(dueAt.getTime() + 60_000).toISOString() });
};

/** Each exactly once: one invoice, one captured charge, one period, one record of each. */
export const judgeRun = async (ground: FaultGround, run: DueRun): Promise<readonly Violation[]> => {
  const { truths } = ground;
  const like = `acc_${run.name}%`;
  const [invoices, paid, renewed, captured] = await Promise.all([
    truths.rows('invoicing', 'SELECT 1 FROM invoices WHERE account_id LIKE $1', [like]),
    truths.rows('invoicing', "SELECT 1 FROM invoices WHERE account_id LIKE $1 AND status = 'paid'", [like]),
    truths.rows('subscription', 'SELECT 1 FROM subscriptions WHERE account_id LIKE $1 AND period_start = $2', [
      like,
      run.dueAt,
    ]),
    chargesOf(ground, run),
  ]);
  return [
    ...exactly('renewal invoices', invoices.length, run.count),
    ...exactly('paid renewal invoices', paid.length, run.count),
    ...exactly('renewed subscriptions', renewed.length, run.count),
    ...exactly('charges of renewals', captured.length, run.count),
  ];
};

/** What the provider has taken from them. */
export const chargesOf = ({ truths }: FaultGround, { name }: Pick<DueRun, 'name'>): Promise<Books['charges']> =>
  capturedCharges(truths, `acc_${name}%`);

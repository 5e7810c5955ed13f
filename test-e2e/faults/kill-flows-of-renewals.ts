import { randomUUID } from 'node:crypto';

import { until } from '@quittance/local';

import { sandboxClock } from '../support/sandbox-clock.ts';
import { capturedCharges } from './captured-charges.ts';
import { type FaultGround } from './fault-ground.ts';
import { type Violation } from './fault.ts';
import { type BeginFlow, modelOf } from './kill-flow.ts';
import { exactly, PATIENTLY, WISH } from './purchase.ts';
import { type DueRun, fallDue, judgeRun } from './renewing.ts';
import { openStandIn } from './stand-in.ts';
import { strikeOnce } from './strike-once.ts';

/** Succeeds while its holder is there, and is declined afterwards. */
const DECLINED_LATER = '4000000000000341';

/** Long enough to be written down before it is due. */
const DUE_IN_MS = 10 * 60 * 1000;

/** Copies of the model, due at the end of a period that is nearly over. */
export const soonDue = (ground: FaultGround, model: string, count: number): Promise<DueRun> =>
  fallDue(ground, { model, name: `k${randomUUID().slice(0, 8)}n`, count, dueInMs: DUE_IN_MS });

/** Three subscriptions of one customer's kind fall due at once. */
const renewal: BeginFlow = async (ground) => {
  const run = await soonDue(ground, await modelOf(ground, WISH), 3);
  return () => renew(ground, run);
};

const renew = async (ground: FaultGround, run: DueRun): Promise<readonly Violation[]> => {
  await moveClockPast(ground, run);
  return onceJudged(() => judgeRun(ground, run));
};

/** The card is declined: the invoice stays open, nothing is charged, and the customer is told to pay. */
const declined: BeginFlow = async (ground) => {
  const run = await soonDue(ground, await modelOf(ground, { ...WISH, card: DECLINED_LATER }), 1);
  return async () => {
    await moveClockPast(ground, run);
    return onceJudged(() => judgeDeclined(ground, `acc_${run.name}1`));
  };
};

const judgeDeclined = async ({ truths }: FaultGround, account: string): Promise<readonly Violation[]> => {
  const [invoices, attempts, owing, captured] = await Promise.all([
    truths.rows<{ status: string }>('invoicing', 'SELECT status FROM invoices WHERE account_id = $1', [account]),
    truths.rows('payments-card', DECLINES, [account]),
    truths.rows('subscription', "SELECT 1 FROM subscriptions WHERE account_id = $1 AND status = 'past_due'", [account]),
    capturedCharges(truths, account),
  ]);
  return [
    ...exactly('renewal invoice', invoices.length, 1),
    ...exactly('open renewal invoice', invoices.filter(({ status }) => status === 'issued').length, 1),
    ...exactly('declined attempt', attempts.length, 1),
    ...exactly('subscription that is past due', owing.length, 1),
    ...exactly('charge of a declined card', captured.length, 0),
  ];
};

const DECLINES = `
  SELECT 1 FROM order_attempts a JOIN orders o ON o.id = a.order_id
  WHERE o.account_id = $1 AND a.outcome = 'declined'`;

/** The provider charges and its answer is lost: it is asked what it knows, and never charged again. */
const lostAnswer: BeginFlow = async (ground) => {
  const run = await soonDue(ground, await modelOf(ground, WISH), 1);
  return async () => {
    const standIn = openStandIn(ground.facts);
    try {
      await standIn.hurt({ match: 'POST /v1/payment_intents', kind: 'answer_lost', times: 1 });
      const found = await renew(ground, run);
      return [...found, ...exactly('answers that were not lost', await standIn.faultsLeft(), 0)];
    } finally {
      await standIn.heal();
      await standIn.end();
    }
  };
};

/** Somebody else changed the subscription between its claim and its commit: once with all that is due, once alone. */
const lostRace: BeginFlow = async (ground) => {
  const run = await soonDue(ground, await modelOf(ground, WISH), 1);
  return async () => {
    const undo = await strikeOnce(ground.facts, {
      service: 'subscription',
      table: 'subscriptions',
      when: 'OLD.claimed_until IS NOT NULL AND NEW.claimed_until IS NULL AND NEW.version <> OLD.version',
      strikes: 2,
      how: 'as if another had been faster',
    });
    try {
      return await renew(ground, run);
    } finally {
      await undo();
    }
  };
};

/** A gateway that dies takes the answer with it: whoever moves the clock asks again, until it stands there. */
export const moveClockPast = async (ground: FaultGround, { dueAt }: DueRun): Promise<void> => {
  const clock = sandboxClock(ground.facts);
  const to = new Date(dueAt.getTime() + 60_000);
  const move = async (): Promise<Date> => {
    const now = await clock.now();
    return now.getTime() >= to.getTime() ? now : clock.advance({ to: to.toISOString() });
  };
  await until('the clock', () => move().catch(() => null), { ...PATIENTLY, enough: (now) => now !== null });
};

/** What is still wrong after a while is told. */
export const onceJudged = (ask: () => Promise<readonly Violation[]>): Promise<readonly Violation[]> =>
  until('the outcome', ask, { ...PATIENTLY, enough: ({ length }) => length === 0 }).catch(ask);

/** Nobody does anything: subscription says that it lives, and the gateway hears it. */
const beat: BeginFlow = async ({ truths }) => {
  const since = new Date();
  const heard = () => truths.rows('gateway', 'SELECT 1 FROM subscription_beat WHERE beat_at > $1', [since]);
  return async () => {
    const beats = await until('a beat', heard, { ...PATIENTLY, enough: ({ length }) => length > 0 }).catch(heard);
    return exactly('beat that is heard', beats.length, 1);
  };
};

export const renewalFlows = { renewal, declined, lost_answer: lostAnswer, lost_race: lostRace, beat };

import { randomUUID } from 'node:crypto';

import { openBus, until } from '@quittance/local';
import { makeLogger } from '@quittance/runtime';

import { makeDatabaseHarm } from './database-harm.ts';
import { type FaultGround } from './fault-ground.ts';
import { type Violation } from './fault.ts';
import { type Flow, type Owner } from './kill-matrix.ts';
import { buy, exactly, judge, newAccount, openCheckout, WISH } from './purchase.ts';
import { fallDue, judgeRun, letThemRenew } from './renewing.ts';

/** Does a flow once, aimed at the service that may die in it, and judges what came of it. */
export type RunFlow = (ground: FaultGround, service: Owner) => Promise<readonly Violation[]>;

const purchase: RunFlow = async (ground) => judge(ground, await buy(ground));

/** The customer begins anew with another interval: the first order is closed at the provider, the second is paid. */
const superseded: RunFlow = async (ground) => {
  const account = newAccount();
  const first = await openCheckout(ground, account);
  const paid = await buy(ground, account, { ...WISH, interval: 'year' });
  const closed = await until('the first order to be closed', () => closedOrders(ground, first.checkoutId), {
    enough: ({ ours, theirs }) => ours === 1 && theirs === 1,
    deadlineMs: 60_000,
    everyMs: 200,
  });
  return [
    ...exactly('superseded order that is closed', closed.ours, 1),
    ...exactly('superseded session that is closed', closed.theirs, 1),
    // The tenth record says which checkout it replaced.
    ...(await judge(ground, paid, 1)),
  ];
};

const closedOrders = async ({ truths }: FaultGround, checkoutId: string) => {
  const orders = await truths.rows<{ reference: string | null }>(
    'payments-card',
    "SELECT provider_reference AS reference FROM orders WHERE checkout_id = $1 AND state = 'expired'",
    [checkoutId],
  );
  const { sessions } = await truths.books();
  const closed = new Set(orders.map(({ reference }) => reference));
  return {
    ours: orders.length,
    theirs: sessions.filter(({ id, status }) => closed.has(id) && status === 'expired').length,
  };
};

/** A handler of the service fails once, after it has done its work and before it is committed. */
const transient: RunFlow = async (ground, service) => {
  const undo = await makeDatabaseHarm(ground.facts).failNextMessage(service);
  try {
    return await purchase(ground, service);
  } finally {
    await undo();
  }
};

/** Something unreadable lies in the service's queue: it ends in its dead letters, once, and holds nobody up. */
const poison: RunFlow = async (ground, service) => {
  const messageId = `poison_${randomUUID()}`;
  ground.truths.poison.set(messageId, service);
  const bus = openBus(ground.facts, makeLogger({ service: 'faults', level: 'error' }));
  await bus.start();
  try {
    await bus.redeliver(service, { messageId, type: 'nothing.known.v1', body: '{' });
  } finally {
    await bus.stop();
  }
  const violations = await purchase(ground, service);
  const letters = await until('the dead letter', () => deadLetters(ground, service, messageId), {
    enough: (count) => count > 0,
    deadlineMs: 60_000,
    everyMs: 200,
  });
  return [...violations, ...exactly('dead letter', letters, 1)];
};

const deadLetters = async ({ truths }: FaultGround, service: Owner, messageId: string): Promise<number> => {
  const rows = await truths.rows(service, 'SELECT 1 FROM platform.dead_letters WHERE message_id = $1', [messageId]);
  return rows.length;
};

/** Three subscriptions of one customer's kind fall due at once. */
const renewal: RunFlow = async (ground) => {
  const { account: model } = await buy(ground);
  const run = await fallDue(ground, { model, name: `k${randomUUID().slice(0, 8)}n`, count: 3 });
  await letThemRenew(ground, run);
  return judgeRun(ground, run);
};

export const RUN_FLOW: Record<Flow, RunFlow> = { purchase, superseded, transient, poison, renewal };

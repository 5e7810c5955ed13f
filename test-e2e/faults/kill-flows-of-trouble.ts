import { randomUUID } from 'node:crypto';

import { must } from '@quittance/kernel';
import { openBus, until } from '@quittance/local';
import { makeLogger } from '@quittance/runtime';

import { makeDatabaseHarm } from './database-harm.ts';
import { type FaultGround } from './fault-ground.ts';
import { type BeginFlow } from './kill-flow.ts';
import { type Owner } from './kill-matrix.ts';
import { buy, exactly, judge, PATIENTLY } from './purchase.ts';
import { type Strike, strikeOnce } from './strike-once.ts';

const purchase = async (ground: FaultGround) => judge(ground, await buy(ground));

/** A handler of the service fails once, after it has done its work and before it is committed. */
const transient: BeginFlow = async (ground, aim) => async () => {
  const undo = await makeDatabaseHarm(ground.facts).failNextMessage(must(aim, 'a service to hurt'));
  try {
    return await purchase(ground);
  } finally {
    await undo();
  }
};

/** Something unreadable lies in the service's queue: it ends in its dead letters, once, and holds nobody up. */
const poison: BeginFlow = async (ground, aim) => async () => {
  const service = must(aim, 'a service to hurt');
  const messageId = `poison_${randomUUID()}`;
  ground.truths.poison.set(messageId, service);
  const bus = openBus(ground.facts, makeLogger({ service: 'faults', level: 'error' }));
  await bus.start();
  try {
    await bus.redeliver(service, { messageId, type: 'nothing.known.v1', body: '{' });
  } finally {
    await bus.stop();
  }
  const violations = await purchase(ground);
  const letters = await until('the dead letter', () => deadLetters(ground, service, messageId), {
    ...PATIENTLY,
    enough: (count) => count > 0,
  });
  return [...violations, ...exactly('dead letter', letters, 1)];
};

const deadLetters = async ({ truths }: FaultGround, service: Owner, messageId: string): Promise<number> => {
  const rows = await truths.rows(service, 'SELECT 1 FROM platform.dead_letters WHERE message_id = $1', [messageId]);
  return rows.length;
};

/** What the provider said cannot be written down once: the work is given back, and done again. */
const unsettled =
  (strike: Pick<Strike, 'table' | 'when'>): BeginFlow =>
  async (ground) =>
  async () => {
    const undo = await strikeOnce(ground.facts, {
      ...strike,
      service: 'payments-card',
      strikes: 1,
      how: 'as an error',
    });
    try {
      return await purchase(ground);
    } finally {
      await undo();
    }
  };

export const troubledFlows = {
  transient,
  poison,
  unsettled_order: unsettled({ table: 'orders', when: "OLD.state = 'opening' AND NEW.state = 'open'" }),
  unsettled_event: unsettled({ table: 'provider_events', when: "NEW.state = 'processed'" }),
};

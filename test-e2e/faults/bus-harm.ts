import { setTimeout as pause } from 'node:timers/promises';

import { type ProcessName, STORING_SERVICES, until } from '@quittance/local';
import { type OwnRabbit } from '@quittance/testkit';
import amqp, { type Channel, type ChannelModel } from 'amqplib';

import { type FaultGround } from './fault-ground.ts';

/** Services whose queue may vanish while they cannot see it. */
export const CONSUMERS = ['subscription', 'invoicing', 'payments-card', 'audit'] as const;

export interface Scene {
  readonly ground: FaultGround;
  readonly broker: OwnRabbit;
  readonly victim: (typeof CONSUMERS)[number];
  readonly queue: string;
}

/** What is done to the bus, and what a person would do to mend it. */
export interface BusHarm {
  readonly what: string;
  /** Resolves with the wait for a message that was returned or left without its confirm. */
  inflict(scene: Scene): Promise<Hit>;
  mend(scene: Scene): Promise<void>;
}

type Hit = () => Promise<void>;

/** Longer than a publisher waits for its confirm. */
const SILENT_MS = 7_000;
/** Nothing that is confirmed at once waits so long to be marked as sent. */
const OVERDUE_MS = 2_000;
const PATIENTLY = { deadlineMs: 60_000, everyMs: 250 } as const;

/** The queue is gone while those who read it are held: whoever publishes has to notice, and makes it again. */
const queueDeleted: BusHarm = {
  what: 'its queue deleted',
  inflict: async ({ ground, broker, victim, queue }) => {
    signal(ground, victim, 'SIGSTOP');
    await onChannel(broker, (channel) => channel.deleteQueue(queue).then(() => undefined));
    return async () => {
      await until('a publisher to notice', () => queueExists(broker, queue), { ...PATIENTLY, enough: (yes) => yes });
    };
  },
  mend: ({ ground, victim }) => Promise.resolve(signal(ground, victim, 'SIGCONT')),
};

/** The queue is there, and no message finds the way to it. */
const bindingsDeleted: BusHarm = {
  what: 'its bindings deleted',
  inflict: async ({ ground, broker, queue }) => {
    const events = `${ground.facts.databasePrefix}.quittance.events`;
    const hit = await moreThanNow('a message without a way', () => count(broker, UNROUTABLE));
    await onChannel(broker, async (channel) => {
      for (const key of KEYS) await channel.unbindQueue(queue, events, key);
    });
    return hit;
  },
  mend: () => Promise.resolve(),
};

const frozen: BusHarm = {
  what: 'the broker frozen',
  inflict: (scene) => {
    scene.broker.freeze();
    return Promise.resolve(() => untilOverdue(scene));
  },
  mend: ({ broker }) => Promise.resolve(broker.thaw()),
};

/** No memory left, as far as it knows: publishers are not read from, and nothing is confirmed. */
const outOfMemory: BusHarm = {
  what: 'the broker out of memory',
  inflict: async (scene) => {
    await scene.broker.control('set_vm_memory_high_watermark', 'absolute', '1MB');
    return () => untilOverdue(scene);
  },
  mend: async ({ broker }) => {
    await broker.control('set_vm_memory_high_watermark', '0.4');
  },
};

export const BUS_HARMS: readonly BusHarm[] = [queueDeleted, bindingsDeleted, frozen, outOfMemory];

const KEYS = [
  'invoicing.open-invoice',
  'invoice.drafted.v1',
  'invoice.paid.v1',
  'payments-card.open-order',
  'order.opened.v1',
  'payment.completed.v1',
  'audit.record-action',
];

/** The broker's own counters: dropped is what becomes of a message that nobody wanted back. */
const total = (counter: string): string =>
  `maps:fold(fun(_, C, S) -> S + maps:get(${counter}, C, 0) end, 0, rabbit_global_counters:overview())`;
const UNROUTABLE = `${total('messages_unroutable_returned_total')} + ${total('messages_unroutable_dropped_total')}.`;

const count = async (broker: OwnRabbit, expression: string): Promise<number> =>
  Number(await broker.control('eval', expression));

/** More than now. The publisher is not asked: it may be what is broken. */
const moreThanNow = async (what: string, look: () => Promise<number>): Promise<Hit> => {
  const before = await look();
  return async () => {
    await until(what, look, { ...PATIENTLY, enough: (now) => now > before });
  };
};

const untilOverdue = async ({ ground }: Scene): Promise<void> => {
  await pause(SILENT_MS);
  await until('a message without its confirm', () => unsent(ground, OVERDUE_MS), {
    ...PATIENTLY,
    enough: (overdue) => overdue > 0,
  });
};

/** Messages that wait in an outbox for so long already. */
export const unsent = async ({ truths }: Pick<FaultGround, 'truths'>, forMs = 0): Promise<number> => {
  const counts = await Promise.all(
    STORING_SERVICES.map((service) => truths.rows<{ count: number }>(service, UNSENT, [forMs])),
  );
  return counts.reduce((sum, rows) => sum + (rows[0]?.count ?? 0), 0);
};

const UNSENT = `
  SELECT count(*)::int AS count FROM platform.outbox
  WHERE sent_at IS NULL AND created_at <= now() - $1::int * interval '1 ms'`;

export const signal = ({ processes }: FaultGround, service: ProcessName, name: 'SIGSTOP' | 'SIGCONT'): void => {
  for (const each of processes.filter((one) => one.service === service)) {
    const pid = each.pid();
    if (pid !== null) process.kill(pid, name);
  }
};

const onChannel = <T>(broker: OwnRabbit, work: (channel: Channel) => Promise<T>): Promise<T> =>
  onConnection(broker, async (connection) => {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return work(channel);
  });

/** A connection of the harness's own, for as long as that takes. */
export const onConnection = async <T>(
  broker: OwnRabbit,
  work: (connection: ChannelModel) => Promise<T>,
): Promise<T> => {
  const connection = await amqp.connect(broker.url);
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await connection.close().catch(() => undefined);
  }
};

const queueExists = (broker: OwnRabbit, queue: string): Promise<boolean> =>
  onChannel(broker, (channel) => channel.checkQueue(queue)).then(
    () => true,
    () => false,
  );

import { setTimeout as pause } from 'node:timers/promises';

import { CARDS, freeNeighbours, type ProcessName, STORING_SERVICES, until } from '@quittance/local';
import { type OwnRabbit, startOwnRabbit } from '@quittance/testkit';
import amqp, { type Channel } from 'amqplib';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { countTo, inLanes } from './lanes.ts';
import { judgeMany, payMany } from './many-purchases.ts';
import { buy, newAccount, openCheckout, type Purchase } from './purchase.ts';
import { makeRandom } from './seeded-random.ts';

/** Of each kind; five kinds. */
const ROUNDS = 40;
const QUICK_ROUNDS = 1;
const AT_ONCE = 3;

/** Longer than a publisher waits for its confirm. */
const SILENT_MS = 7_000;
const REFUSES_MS = 2_000;
const PATIENTLY = { deadlineMs: 60_000, everyMs: 100 } as const;

/** Services whose queue may vanish while they cannot see it. */
const CONSUMERS = ['subscription', 'invoicing', 'payments-card', 'audit'] as const;
type Consumer = (typeof CONSUMERS)[number];

interface Scene {
  readonly ground: FaultGround;
  readonly broker: OwnRabbit;
  readonly options: FaultOptions;
  readonly victim: Consumer;
  readonly queue: string;
}

/** Hurts the bus, and resolves when it has been mended from outside, as far as a person would mend it. */
type Harm = (scene: Scene) => Promise<void>;

export const unconfirmedFault: Fault = {
  id: 'F10',
  title: 'messages that no queue takes, that the broker refuses, returns or never confirms',
  run: async (options) => {
    const port = await freeNeighbours();
    const broker = await startOwnRabbit({ port, distributionPort: port + 1 });
    try {
      return await onFaultGround(options, { rabbitUrl: broker.url }, (ground) => everyHarm(ground, broker, options));
    } finally {
      await broker.remove();
    }
  },
};

const everyHarm = async (ground: FaultGround, broker: OwnRabbit, options: FaultOptions): Promise<Sums> => {
  const random = makeRandom(options.seed);
  const rounds = Math.min(options.quick ? QUICK_ROUNDS : ROUNDS, options.firstMax);
  let sums = NOTHING;
  for (const [what, harm] of HARMS) {
    for (const _ of countTo(rounds)) {
      const victim = random.pick(CONSUMERS);
      const queue = `${ground.facts.databasePrefix}.quittance.${victim}`;
      sums = add(sums, await oneRound({ ground, broker, options, victim, queue }, what, harm));
    }
  }
  return sums;
};

/** Some have paid before and are waiting, others buy while it happens; in the end everybody has what they paid for. */
const oneRound = async (scene: Scene, what: string, harm: Harm): Promise<Sums> => {
  const { ground, options, victim } = scene;
  const waiting = await inLanes(countTo(AT_ONCE), AT_ONCE, async () => {
    const account = newAccount();
    return { account, ...(await openCheckout(ground, account)) };
  });
  await untilNothingUnsent(ground);
  const hurt = harm(scene);
  const paying = inLanes(waiting, AT_ONCE, ({ payUrl }) => ground.shopper.pay(payUrl, CARDS.succeeds));
  const begun = inLanes(countTo(AT_ONCE), AT_ONCE, () => buy(ground));
  const buying = Promise.all([begun, paying]).then(([purchases]): readonly Purchase[] => [...purchases, ...waiting]);
  const stuck: Violation[] = [];
  const [seen, bought] = await Promise.all([
    hurt.then(
      () => 1,
      (error: unknown) => {
        stuck.push({ invariant: 'F10', harm: 'stuck', what: String(error) });
        return 0;
      },
    ),
    buying.catch((error: unknown): readonly Purchase[] => {
      stuck.push({ invariant: 'purchase', harm: 'stuck', what: String(error) });
      return [];
    }),
  ]);
  const more = await payMany(ground, 1);
  const violations = [...stuck, ...(await judgeMany(ground, [...bought, ...more]))];
  const line = { id: 'F10', what: `${what} (${victim})`, seed: options.seed, injected: seen };
  return tell(line, violations, options.say);
};

/** The queue is gone while those who read it are held: whoever publishes has to notice. */
const queueDeleted: Harm = async ({ ground, broker, victim, queue }) => {
  const thaw = freeze(ground, victim);
  try {
    await onChannel(broker, (channel) => channel.deleteQueue(queue).then(() => undefined));
    await until('a publisher to notice', () => queueExists(broker, queue), { ...PATIENTLY, enough: (yes) => yes });
  } finally {
    thaw();
  }
};

/** The queue is there, and no message finds the way to it. */
const bindingDeleted: Harm = async ({ ground, broker, queue }) => {
  const events = `${ground.facts.databasePrefix}.quittance.events`;
  await onChannel(broker, async (channel) => {
    for (const key of KEYS) await channel.unbindQueue(queue, events, key);
  });
  await pause(REFUSES_MS);
};

/** Full: a queue that takes nothing more refuses, because it must not drop. */
const queueFull: Harm = async ({ broker, queue }) => {
  await broker.control(
    'set_policy',
    'full',
    `^${queue.replaceAll('.', '[.]')}$`,
    '{"max-length":0}',
    '--apply-to',
    'queues',
  );
  await pause(REFUSES_MS);
  await broker.control('clear_policy', 'full');
};

const frozen: Harm = async ({ broker }) => {
  broker.freeze();
  await pause(SILENT_MS);
  broker.thaw();
};

/** No memory left, as far as it knows: publishers are not read from, and nothing is confirmed. */
const memoryAlarm: Harm = async ({ broker }) => {
  await broker.control('set_vm_memory_high_watermark', 'absolute', '1MB');
  await pause(SILENT_MS);
  await broker.control('set_vm_memory_high_watermark', '0.4');
};

const HARMS: readonly (readonly [what: string, harm: Harm])[] = [
  ['its queue deleted', queueDeleted],
  ['its bindings deleted', bindingDeleted],
  ['its queue full', queueFull],
  ['the broker frozen', frozen],
  ['the broker out of memory', memoryAlarm],
];

const KEYS = [
  'invoicing.open-invoice',
  'invoice.drafted.v1',
  'invoice.paid.v1',
  'payments-card.open-order',
  'order.opened.v1',
  'payment.completed.v1',
  'audit.record-action',
];

const freeze = ({ processes }: FaultGround, service: ProcessName): (() => void) => {
  const pids = processes.filter((each) => each.service === service).flatMap((each) => each.pid() ?? []);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
};

const onChannel = async <T>(broker: OwnRabbit, work: (channel: Channel) => Promise<T>): Promise<T> => {
  const connection = await amqp.connect(broker.url);
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return await work(channel);
  } finally {
    await connection.close().catch(() => undefined);
  }
};

const queueExists = (broker: OwnRabbit, queue: string): Promise<boolean> =>
  onChannel(broker, (channel) => channel.checkQueue(queue)).then(
    () => true,
    () => false,
  );

const unsent = async ({ truths }: FaultGround): Promise<number> => {
  const counts = await Promise.all(
    STORING_SERVICES.map((service) =>
      truths.rows<{ count: number }>(
        service,
        'SELECT count(*)::int AS count FROM platform.outbox WHERE sent_at IS NULL',
      ),
    ),
  );
  return counts.reduce((sum, rows) => sum + (rows[0]?.count ?? 0), 0);
};

const untilNothingUnsent = (ground: FaultGround): Promise<unknown> =>
  until('nothing unsent', () => unsent(ground), { ...PATIENTLY, enough: (count) => count === 0 });

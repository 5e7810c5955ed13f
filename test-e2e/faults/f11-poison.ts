import { ListDeadLetters, ReplayDeadLetter } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { type StoringService, until } from '@quittance/local';
import amqp from 'amqplib';

import { issueCoupon } from './f15-coupon-at-its-cap.ts';
import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { PLAIN } from './grounds.ts';
import { handledBefore } from './handled-message.ts';
import { countTo, inLanes } from './lanes.ts';
import { AT_ONCE, judgeMany, payMany } from './many-purchases.ts';
import { makePoison, type Poison, POISON, POISON_KINDS, THROWS } from './poisons.ts';
import { QUEUES } from './queues.ts';

/** Of each of the six kinds, on each queue. */
const EACH = 10;
const PURCHASES_BEHIND = 2;
/** Queues poisoned at once in a quick run: each waits for its retries. With all six, 60 MB are replayed together. */
const QUICK_AT_ONCE = 2;
const COUPON = 'POISONED';
const COUPON_WISH = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD', coupon: COUPON } as const;
const PATIENTLY = { deadlineMs: 120_000, everyMs: 250 } as const;

export const poisonFault: Fault = {
  id: 'F11',
  title: 'poison on every queue: bad JSON, wrong type, newer schema, 10 MB, null account, handler throws',
  seeds: 1,
  planned: EACH * POISON_KINDS.length * QUEUES.length,
  run: (options) =>
    onFaultGround(options, PLAIN, async (ground) => {
      // There must have been something to poison.
      await judgeMany(ground, await payMany(ground, 1));
      await claimCoupon(ground);
      const sums = await inLanes(QUEUES, options.quick ? QUICK_AT_ONCE : 1, (service) =>
        poisonQueue(ground, service, options),
      );
      return sums.reduce(add, NOTHING);
    }),
};

/** Only a coupon has the others send catalog anything. */
const claimCoupon = async (ground: FaultGround): Promise<void> => {
  await issueCoupon(ground, COUPON, 10);
  const token = await ground.shopper.customerToken('acc_with_coupon');
  await until('a checkout with a coupon', () => ground.shopper.checkout(token, COUPON_WISH).catch(() => null), {
    ...PATIENTLY,
    enough: (session) => session !== null,
  });
};

const poisonQueue = async (ground: FaultGround, service: StoringService, options: FaultOptions): Promise<Sums> => {
  const each = Math.max(1, Math.min(options.quick ? 1 : EACH, Math.floor(options.firstMax / POISON_KINDS.length)));
  const good = await handledBefore(ground, service);
  const poisons = POISON_KINDS.flatMap((kind) => countTo(each).map(() => makePoison(kind, good)));
  await breakHandler(ground, service);
  await send(ground, service, poisons);
  const behind = await judgeMany(ground, await payMany(ground, PURCHASES_BEHIND));
  const listed = await listedOnce(ground, service, poisons);
  await mendHandler(ground, service);
  const replayed = await replayAll(ground, service, poisons);
  const incurable = poisons.filter(({ kind }) => kind !== 'handler always throws');
  const listedAgain = await listedOnce(ground, service, incurable);
  const cured = await handled(
    ground,
    service,
    poisons.filter((poison) => !incurable.includes(poison)),
  );
  await throwAway(ground, service);
  const violations = [...behind, ...listed, ...replayed, ...listedAgain, ...cured];
  const what = `${poisons.length} poisons of ${POISON_KINDS.length} kinds for ${service}, replayed`;
  return tell({ id: 'F11', what, seed: options.seed, injected: poisons.length }, violations, options.say);
};

/** As a bug would that only some messages meet: what the handler did cannot be committed. */
const breakHandler = async ({ truths }: FaultGround, service: StoringService): Promise<void> => {
  await truths.rows(
    service,
    `CREATE FUNCTION platform.refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'the handler always throws'; END $$`,
  );
  await truths.rows(
    service,
    `CREATE TRIGGER refuse_poison BEFORE INSERT ON platform.inbox FOR EACH ROW
     WHEN (NEW.message_id LIKE '${THROWS}%') EXECUTE FUNCTION platform.refuse_poison()`,
  );
};

const mendHandler = async ({ truths }: FaultGround, service: StoringService): Promise<void> => {
  await truths.rows(service, 'DROP FUNCTION platform.refuse_poison() CASCADE');
};

const send = async ({ facts }: FaultGround, service: StoringService, poisons: readonly Poison[]): Promise<void> => {
  const connection = await amqp.connect(must(facts.rabbitUrl, 'a broker'));
  try {
    const channel = await connection.createConfirmChannel();
    for (const { messageId, body } of poisons) {
      channel.sendToQueue(`${facts.databasePrefix}.quittance.${service}`, body, {
        persistent: true,
        messageId,
        type: 'poison',
        headers: { 'x-attempt': 1 },
      });
    }
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
};

type Letters = ReadonlyMap<string, readonly string[]>;

/** What operators see at the gateway: ids of dead letters by message. */
const lettersOf = async ({ shopper, financeToken }: FaultGround, service: StoringService): Promise<Letters> => {
  const { data } = await shopper.call(ListDeadLetters, { token: financeToken });
  const letters = new Map<string, string[]>();
  for (const { id, messageId, service: owner } of data) {
    if (owner === service) letters.set(messageId, [...(letters.get(messageId) ?? []), id]);
  }
  return letters;
};

/** Each is a dead letter that an operator can see, and once. */
const listedOnce = async (
  ground: FaultGround,
  service: StoringService,
  poisons: readonly Poison[],
): Promise<readonly Violation[]> => {
  const wrong = async (): Promise<readonly Violation[]> => {
    const letters = await lettersOf(ground, service);
    return poisons.flatMap(({ messageId, kind }) => {
      const times = letters.get(messageId)?.length ?? 0;
      if (times === 1) return [];
      const what = `${service}: ${kind} is listed ${times} times`;
      return [{ invariant: 'I6', harm: times === 0 ? 'lost' : 'doubled', what } as const];
    });
  };
  return until('the dead letters', wrong, { ...PATIENTLY, enough: (left) => left.length === 0 }).catch(wrong);
};

const replayAll = async (
  ground: FaultGround,
  service: StoringService,
  poisons: readonly Poison[],
): Promise<readonly Violation[]> => {
  const letters = await lettersOf(ground, service);
  const answers = await inLanes(poisons, AT_ONCE, ({ kind, messageId }) =>
    ground.shopper
      .call(ReplayDeadLetter, {
        token: ground.financeToken,
        params: { service, id: letters.get(messageId)?.[0] ?? 'none' },
      })
      .then(
        () => [],
        (error: unknown): readonly Violation[] => [
          { invariant: 'I6', harm: 'stuck', what: `${service}: replay of ${kind}: ${String(error)}` },
        ],
      ),
  );
  return answers.flat();
};

/** Mended and replayed: handled like any other message, and no longer waiting. */
const handled = async (
  ground: FaultGround,
  service: StoringService,
  poisons: readonly Poison[],
): Promise<readonly Violation[]> => {
  const ids = poisons.map(({ messageId }) => messageId);
  const wrong = async (): Promise<readonly Violation[]> => {
    const [rows, letters] = await Promise.all([
      ground.truths.rows<{ id: string }>(
        service,
        'SELECT message_id AS id FROM platform.inbox WHERE message_id = ANY ($1::text[])',
        [ids],
      ),
      lettersOf(ground, service),
    ]);
    const done = new Set(rows.map(({ id }) => id));
    return ids
      .filter((id) => !done.has(id) || letters.has(id))
      .map((id) => ({
        invariant: 'I6',
        harm: 'stuck',
        what: `${service}: ${id} was mended, replayed and not handled`,
      }));
  };
  return until('what was replayed', wrong, { ...PATIENTLY, enough: (left) => left.length === 0 }).catch(wrong);
};

/** What a person does with a letter that nothing can cure. */
const throwAway = async ({ truths }: FaultGround, service: StoringService): Promise<void> => {
  await truths.rows(service, `DELETE FROM platform.dead_letters WHERE message_id LIKE '${POISON}%'`);
};

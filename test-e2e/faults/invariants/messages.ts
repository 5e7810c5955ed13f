import { allMessages } from '@quittance/contracts';
import { STORING_SERVICES } from '@quittance/local';

import { type Violation } from '../fault.ts';
import { POISON } from '../poisons.ts';
import { type Truths } from '../truths.ts';
import { type Check, compare, countBy, violation } from './check.ts';

interface Sent {
  readonly service: string;
  readonly id: string;
  readonly type: string;
  readonly sent: boolean;
}

/** I5: every outbox row is confirmed and has one inbox row per consumer; and nothing was handled that nobody sent. */
export const messagesArrive: Check = async (truths) => {
  const [handled, outbox] = await Promise.all([handledBy(truths), sentBy(truths)]);
  const sent = new Set(outbox.map(({ id }) => id));
  return [
    ...[...handled].flatMap(([service, counts]) => wronglyHandled(service, counts, sent)),
    ...outbox.flatMap((message) => unhandled(message, handled)),
  ];
};

const wronglyHandled = (
  service: string,
  counts: ReadonlyMap<string, number>,
  sent: ReadonlySet<string>,
): readonly Violation[] =>
  [...counts].flatMap(([id, count]) => [
    ...(count > 1 ? [violation('I5', 'doubled', `${service} handled ${id} ${count} times`)] : []),
    // What a fault has put into a queue itself is in nobody's outbox.
    ...(sent.has(id) || id.startsWith(POISON)
      ? []
      : [violation('I5', 'lost', `${service} handled ${id}, which is in no outbox`)]),
  ]);

const CONSUMERS = new Map(allMessages.map(({ type, consumers }) => [type, consumers]));

const unhandled = (
  { service, id, type, sent }: Sent,
  handled: ReadonlyMap<string, ReadonlyMap<string, number>>,
): readonly Violation[] => [
  ...(sent ? [] : [violation('I5', 'stuck', `${service}: ${type} ${id} is unsent`)]),
  ...(CONSUMERS.get(type) ?? [])
    .filter((consumer) => handled.get(consumer)?.has(id) !== true)
    .map((consumer) => violation('I5', 'lost', `${type} ${id} of ${service} was not handled by ${consumer}`)),
];

const handledBy = async (truths: Truths): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> => {
  const read = STORING_SERVICES.map(async (service) => {
    const rows = await truths.rows<{ id: string }>(service, 'SELECT message_id AS id FROM platform.inbox');
    return [service, countBy(rows.map(({ id }) => id))] as const;
  });
  return new Map(await Promise.all(read));
};

const sentBy = async (truths: Truths): Promise<readonly Sent[]> => {
  const read = STORING_SERVICES.map(async (service) => {
    const rows = await truths.rows<Omit<Sent, 'service'>>(
      service,
      'SELECT message_id AS id, type, sent_at IS NOT NULL AS sent FROM platform.outbox',
    );
    return rows.map((row) => ({ service, ...row }));
  });
  return (await Promise.all(read)).flat();
};

/** I6: nothing died but what was meant to, and that has one record each; none waits at the broker without a record. */
export const nothingDied: Check = async (truths) => {
  const [letters, queues] = await Promise.all([
    Promise.all(STORING_SERVICES.map((service) => wrongLetters(truths, service))),
    truths.queues(),
  ]);
  const unrecorded = queues
    .filter(({ name, messages }) => name.endsWith('.dead') && messages > 0)
    .map(({ name, messages }) => violation('I6', 'lost', `${messages} dead letters in ${name} have no record`));
  return [...letters.flat(), ...unrecorded];
};

const wrongLetters = async (
  truths: Truths,
  service: (typeof STORING_SERVICES)[number],
): Promise<readonly Violation[]> => {
  const rows = await truths.rows<{ id: string; type: string; reason: string }>(
    service,
    'SELECT message_id AS id, type, reason FROM platform.dead_letters WHERE replayed_at IS NULL',
  );
  const meant = [...truths.poison].filter(([, owner]) => owner === service).map(([id]) => id);
  const died = rows.filter(({ id }) => truths.poison.has(id)).map(({ id }) => id);
  return [
    ...rows
      .filter(({ id }) => !truths.poison.has(id))
      .map(({ type, reason }) => violation('I6', 'stuck', `${service} gave up ${type}: ${reason}`)),
    ...compare(`I6 poison ↔ dead letter of ${service}`, countBy(meant), countBy(died)),
  ];
};

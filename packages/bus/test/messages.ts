import { type Envelope, event, type MessageDefinition, RecordAction } from '@quittance/contracts';
import { z } from 'zod';

/** What the suite sends: a small topology of its own, so that it does not change when the suite's messages do. */
export const ThingChanged = event({
  type: 'thing.changed.v1',
  summary: 'A thing has another state.',
  producer: 'catalog',
  consumers: ['invoicing', 'audit'],
  data: z.strictObject({ account: z.string(), state: z.string() }),
});

/** The same event after a third service began to listen. */
export const ThingChangedForMore: MessageDefinition = {
  ...ThingChanged,
  consumers: [...ThingChanged.consumers, 'analytics'],
};

/** Known to one service only: who else receives it cannot handle it. */
export const ThingRemoved = event({
  type: 'thing.removed.v1',
  summary: 'A thing is no more.',
  producer: 'catalog',
  consumers: ['audit'],
  data: z.strictObject({ account: z.string() }),
});

export const suiteMessages: readonly MessageDefinition[] = [ThingChanged, ThingRemoved, RecordAction];

let lastId = 0;

export const nextMessageId = (): string => {
  lastId += 1;
  return `evt_${String(process.pid)}_${String(lastId)}`;
};

export const anEnvelope = (overrides: Partial<Envelope> = {}): Envelope => ({
  specversion: '1.0',
  id: nextMessageId(),
  source: 'catalog',
  type: ThingChanged.type,
  subject: 'thing-1',
  time: '2026-03-02T09:00:00.000Z',
  datacontenttype: 'application/json',
  correlationid: 'chk_1',
  causationid: 'req_1',
  actorkind: 'system',
  actorid: 'test',
  version: 1,
  data: { account: 'acc-1', state: 'new' },
  ...overrides,
});

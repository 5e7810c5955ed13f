import { platformFail, type WallClock } from '@quittance/kernel';

import { type Order } from '../domain/order.ts';
import { EVENT_ATTEMPTS_BEFORE_ATTENTION, UNKNOWN_BEFORE_ATTENTION_MS } from '../domain/schedule.ts';
import { type EventStore, type OrderQuery, type OrderStore, type StoredEvent } from './ports.ts';

export interface OrderPage {
  readonly orders: readonly Order[];
  readonly nextCursor: string | null;
}

export type ListOrders = (query: OrderQuery) => Promise<OrderPage>;
export type GetOrder = (id: string) => Promise<Order>;

export const makeListOrders =
  (store: OrderStore): ListOrders =>
  async (query) => {
    const found = await store.list(query);
    const orders = found.slice(0, query.limit);
    return { orders, nextCursor: found.length > query.limit ? (orders.at(-1)?.id ?? null) : null };
  };

export const makeGetOrder =
  (store: OrderStore): GetOrder =>
  async (id) => {
    const order = await store.find(id);
    if (order === null) throw platformFail('platform.not_found', `There is no order ${id}.`);
    return order;
  };

/** Work that waits for a person. */
export interface Attention {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly accountId: string | null;
  readonly correlationId: string | null;
  readonly since: Date;
}

const ATTENTION_MAX = 500;

/** Orders that are parked or have been unknown for long, and events that fail again and again. */
export const makeListAttention =
  (deps: { readonly orders: OrderStore; readonly events: EventStore; readonly wallClock: WallClock }) =>
  async (): Promise<readonly Attention[]> => {
    const unknownBefore = new Date(deps.wallClock.nowMs() - UNKNOWN_BEFORE_ATTENTION_MS);
    const [orders, events] = await Promise.all([
      deps.orders.listWaitingForPerson(unknownBefore, ATTENTION_MAX),
      deps.events.listFailing(EVENT_ATTEMPTS_BEFORE_ATTENTION, ATTENTION_MAX),
    ]);
    const items = [...orders.map(fromOrder), ...events.map(fromEvent)];
    return items.toSorted((a, b) => a.since.getTime() - b.since.getTime()).slice(0, ATTENTION_MAX);
  };

const fromOrder = (order: Order): Attention => ({
  id: order.id,
  code: order.parked?.code ?? 'payments_card.outcome_unknown',
  message: order.parked?.message ?? `Order ${order.id}: ${order.provider} does not answer; it is still being asked.`,
  subject: { type: 'order', id: order.id },
  accountId: order.accountId,
  correlationId: order.correlationId,
  since: order.parked?.since ?? order.unknownSince ?? order.createdAt,
});

const fromEvent = (event: StoredEvent): Attention => ({
  id: event.id,
  code: 'payments_card.event_failing',
  message: `Event ${event.type} has failed ${event.attempts} times: ${event.lastError ?? 'no error was recorded'}`,
  subject: { type: 'provider_event', id: event.id },
  accountId: null,
  correlationId: event.orderId,
  since: event.receivedAt,
});

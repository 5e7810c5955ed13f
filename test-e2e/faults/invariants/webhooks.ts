import { type Violation } from '../fault.ts';
import { type Check, violation } from './check.ts';

interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly state: 'pending' | 'delivered' | 'abandoned';
  readonly error: string | null;
}

interface Received {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly ours: boolean;
  readonly error: string | null;
}

/**
 * I4, from the provider's side: whatever was answered 2xx is in the inbox and ended there. What it still wants to
 * deliver, or gave up, has not arrived. `ignored` is an end only for what no order of ours waits for.
 */
export const webhooksEnd: Check = async (truths) => {
  const [deliveries, received] = await Promise.all([
    truths.outside<Delivery>(DELIVERIES),
    truths.rows<Received>('payments-card', RECEIVED),
  ]);
  const stored = new Set(received.map(({ id }) => id));
  return [
    ...deliveries.flatMap((delivery) => undelivered(delivery, stored)),
    ...received.flatMap((event) => unfinished(event)),
  ];
};

const undelivered = ({ id, type, state, error }: Delivery, stored: ReadonlySet<string>): readonly Violation[] => {
  const told = `webhook ${id} (${type})`;
  if (state === 'pending') return [violation('I4', 'stuck', `${told} is not delivered: ${error ?? 'not tried'}`)];
  if (state === 'abandoned') return [violation('I4', 'lost', `${told} was given up: ${error ?? ''}`)];
  return stored.has(id) ? [] : [violation('I4', 'lost', `${told} was answered 2xx and is not in the inbox`)];
};

const unfinished = ({ id, type, state, ours, error }: Received): readonly Violation[] => {
  if (state === 'processed') return [];
  if (state === 'ignored') {
    return ours && TELLS_OF_AN_ORDER.has(type)
      ? [violation('I4', 'lost', `webhook ${id} (${type}) of an order of ours was ignored`)]
      : [];
  }
  return [violation('I4', 'stuck', `webhook ${id} (${type}) is ${state}: ${error ?? 'not worked on'}`)];
};

const TELLS_OF_AN_ORDER: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'payment_intent.payment_failed',
]);

const DELIVERIES = `
  SELECT d.event_id AS id, coalesce(o.body ->> 'type', '') AS type, d.state, d.last_error AS error
  FROM stripe_deliveries d LEFT JOIN stripe_objects o ON o.id = d.event_id`;

const RECEIVED = `
  SELECT e.id, e.type, e.state, o.id IS NOT NULL AS ours, e.last_error AS error
  FROM provider_events e LEFT JOIN orders o ON o.id = e.order_id`;

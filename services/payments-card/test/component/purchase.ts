import {
  CloseOrder,
  type Envelope,
  OpenOrder,
  outgoing,
  RecheckOrder,
  type OutgoingMessage,
} from '@quittance/contracts';
import { type Id, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { Stripe } from 'stripe';

import { ACCOUNT } from '../builders/order.ts';
import { WEBHOOK_SECRET, type World } from './world.ts';

export const GOOD_CARD = '4242 4242 4242 4242';
export const DECLINED_CARD = '4000 0000 0000 0002';

/** One order as invoicing asks for it, and what happens to it. */
export interface Purchase {
  readonly orderId: Id<'ord'>;
  readonly checkoutId: Id<'chk'>;
  send(message: OutgoingMessage): Promise<void>;
  open(change?: { readonly amount?: number; readonly currency?: string }): Promise<void>;
  close(): Promise<void>;
  recheck(): Promise<void>;
  /** Resolves with what `listener` heard of this type about this order. */
  heard(type: string, count?: number): Promise<readonly Envelope[]>;
  /** Types of the events about this order so far, without the audit trail. */
  told(): readonly string[];
  /** The audit actions that carry this purchase's correlation, in the order they were sent. */
  trail(): readonly string[];
  opened(): Promise<{ readonly payUrl: string }>;
  pay(card: string): Promise<Response>;
  state(): Promise<string>;
}

export const aPurchase = (world: World): Purchase => {
  const orderId = world.newId('ord');
  const checkoutId = world.newId('chk');
  const invoiceId = world.newId('inv');
  const send = (message: OutgoingMessage) => publish(world, checkoutId, message);
  const about = () => world.heard.filter(({ envelope }) => envelope.subject === orderId && envelope.type !== AUDIT);
  const heard = (type: string, count = 1) =>
    waitFor(
      () => {
        const found = unique(about().map(({ envelope }) => envelope)).filter((envelope) => envelope.type === type);
        return found.length >= count && found;
      },
      { what: `${String(count)} × ${type} of ${orderId}`, deadlineMs: 10_000 },
    );
  const opened = async () => {
    const [envelope] = await heard('order.opened.v1');
    return { payUrl: String(must(envelope, 'order.opened').data['payUrl']) };
  };
  return {
    orderId,
    checkoutId,
    send,
    open: ({ amount = 2400, currency = 'EUR' } = {}) =>
      send(
        outgoing(OpenOrder, {
          id: `${orderId}:open`,
          subject: orderId,
          data: {
            orderId,
            invoiceId,
            checkoutId,
            accountId: ACCOUNT,
            amount: { amount, currency },
            description: 'Professional, monthly',
            returnUrls: { success: 'http://127.0.0.1/done', cancel: 'http://127.0.0.1/back' },
          },
        }),
      ),
    close: () =>
      send(outgoing(CloseOrder, { id: `${orderId}:close`, subject: orderId, data: { orderId, reason: 'superseded' } })),
    recheck: () =>
      send(
        outgoing(RecheckOrder, {
          id: `${checkoutId}:recheck:${world.newId('req')}`,
          subject: orderId,
          data: { orderId },
        }),
      ),
    heard,
    told: () => unique(about().map(({ envelope }) => envelope)).map(({ type }) => type),
    trail: () => trailOf(world, checkoutId),
    opened,
    pay: async (card) => postCard((await opened()).payUrl, card),
    state: async () => (await world.database.client.order.findUniqueOrThrow({ where: { id: orderId } })).state,
  };
};

const AUDIT = 'audit.record-action';

export const trailOf = (world: World, correlationId: string): readonly string[] =>
  unique(world.heard.map(({ envelope }) => envelope))
    .filter((envelope) => envelope.type === AUDIT && envelope.correlationid === correlationId)
    .map((envelope) => String(envelope.data['action']));

/** What others heard, each message once. */
export const uniqueHeard = ({ heard }: World): readonly Envelope[] => unique(heard.map(({ envelope }) => envelope));

const unique = (envelopes: readonly Envelope[]): readonly Envelope[] => [
  ...new Map(envelopes.map((envelope) => [envelope.id, envelope])).values(),
];

export const publish = async (world: World, correlationId: string, message: OutgoingMessage): Promise<void> => {
  const envelope: Envelope = {
    specversion: '1.0',
    id: must(message.id, 'id of a command'),
    source: must(message.definition.producers[0], 'producer'),
    type: message.definition.type,
    subject: message.subject,
    time: world.clock.now().toISOString(),
    datacontenttype: 'application/json',
    correlationid: correlationId,
    causationid: 'component-test',
    actorkind: 'system',
    actorid: 'component-test',
    version: message.version,
    data: { ...message.data },
  };
  const [result] = await world.bus.publish([envelope]);
  if (result !== 'confirmed') throw must(result, 'a publish result');
};

/** What the hosted page's form sends. */
export const postCard = (payUrl: string, card: string): Promise<Response> =>
  fetch(payUrl, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ card, expiry: '12/34', cvc: '123' }),
  });

/** An event as Stripe would deliver it, to one replica. */
export const deliver = (
  world: World,
  event: object,
  options: { readonly replica?: number; readonly secret?: string; readonly query?: string } = {},
): Promise<Response> => {
  const payload = JSON.stringify(event);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: options.secret ?? WEBHOOK_SECRET });
  const service = must(world.services[options.replica ?? 0], 'replica');
  return fetch(`http://127.0.0.1:${service.port()}/webhooks/stripe${options.query ?? ''}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    body: payload,
  });
};

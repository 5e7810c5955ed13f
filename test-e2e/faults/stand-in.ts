import { databaseNameOf, type SuiteFacts, until, withDatabase } from '@quittance/local';
import { type ClockShift } from '@quittance/runtime';
import pg from 'pg';
import { z } from 'zod';

import { signedHeader } from '../support/bad-input/webhook-mutations.ts';

const Backlog = z.looseObject({ pending: z.int(), delivered: z.int(), abandoned: z.int() });
const Faults = z.object({ data: z.array(z.object({ kind: z.string(), times: z.int() })) });

export interface StandInFault {
  /** `POST /v1/checkout/sessions`; `*` stands for anything. */
  readonly match: string;
  readonly kind: '409' | '429' | '500' | '502' | 'reset' | 'hang' | 'answer_lost' | 'latency';
  readonly times: number;
  /** How long a `latency` or a `hang` lasts. */
  readonly ms?: number;
}

/** A webhook as it goes over the wire. */
export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  /** Of the payment it tells of. */
  readonly orderId: string;
  readonly body: string;
}

/** The provider as it is played beside the suite, and what one may ask of it. */
export interface StandIn {
  /** Where webhooks go; each goes out `duplicate` times, to the next address each time. */
  deliverTo(urls: readonly string[], duplicate: number): Promise<void>;
  holdWebhooks(hold: boolean): Promise<void>;
  backlog(): Promise<z.infer<typeof Backlog>>;
  hurt(fault: StandInFault): Promise<void>;
  /** How many faults have not hit yet. */
  faultsLeft(): Promise<number>;
  heal(): Promise<void>;
  shiftClocks(by: ClockShift): Promise<void>;
  /** Every event whose payment is one of these orders', oldest first, whether it was asked for or not. */
  eventsOf(orders: readonly string[]): Promise<readonly ProviderEvent[]>;
  /** Genuine: signed over these bytes, at this second. */
  sign(body: string, atMs: number): string;
  end(): Promise<void>;
}

export const openStandIn = (facts: SuiteFacts): StandIn => {
  const connectionString = withDatabase(facts.adminUrl, databaseNameOf('sandbox', facts.databasePrefix));
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on('error', () => undefined);
  const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${facts.sandboxUrl}/_sandbox/stripe/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    deliverTo: async (urls, duplicate) => {
      await ask('POST', 'webhooks', { urls, duplicate });
    },
    holdWebhooks: async (hold) => {
      await ask('POST', 'webhooks', { pause: hold });
    },
    backlog: async () => Backlog.parse(await ask('GET', 'webhooks')),
    hurt: async (fault) => {
      await ask('POST', 'faults', fault);
    },
    faultsLeft: async () => {
      const { data } = Faults.parse(await ask('GET', 'faults'));
      return data.reduce((sum, { times }) => sum + times, 0);
    },
    heal: async () => {
      await ask('DELETE', 'faults');
    },
    shiftClocks: async (by) => {
      await ask('POST', 'clock', by);
    },
    eventsOf: async (orders) => {
      const { rows } = await pool.query<ProviderEvent>(EVENTS, [orders]);
      return rows;
    },
    sign: (body, atMs) => signedHeader(body, facts.secrets.stripeWebhookSecret, Math.floor(atMs / 1000)),
    end: () => pool.end(),
  };
};

const EVENTS = `
  SELECT id, body ->> 'type' AS type, body #>> '{data,object,metadata,order}' AS "orderId",
         jsonb_pretty(body) AS body
  FROM stripe_objects
  WHERE kind = 'event' AND body #>> '{data,object,metadata,order}' = ANY ($1::text[])
  ORDER BY sequence`;

/** Nothing waits for another try any more; how it then stands. */
export const untilDelivered = (standIn: Pick<StandIn, 'backlog'>): Promise<z.infer<typeof Backlog>> =>
  until('every webhook to be delivered', () => standIn.backlog(), {
    enough: ({ pending }) => pending === 0,
    deadlineMs: 60_000,
    everyMs: 100,
  });

/** As the provider does it; the status of the answer. */
export const postWebhook = async (
  url: string,
  webhook: { readonly body: string; readonly signature: string },
): Promise<number> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': webhook.signature },
    body: webhook.body,
    signal: AbortSignal.timeout(30_000),
  });
  await response.arrayBuffer();
  return response.status;
};

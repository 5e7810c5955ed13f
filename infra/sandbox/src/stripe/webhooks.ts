import { type Secret } from '@quittance/kernel';
import { Stripe } from 'stripe';
import { z } from 'zod';

import { readSetting, writeSetting } from '../settings.ts';
import {
  type AttemptOutcome,
  type Backlog,
  claimDueDeliveries,
  countDeliveries,
  type Delivery,
  queueDeliveries,
  recordAttempt,
  wasAttempted,
} from './delivery-queue.ts';
import { type StripeWorld } from './stripe-world.ts';

const CONCURRENCY_MAX = 8;
const POLL_MS = 200;
const ATTEMPT_TIMEOUT_MS = 10_000;
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 5_000, 10_000];
const RETRY_LAST_MS = 30_000;
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000;

const behaviourSchema = z.object({
  urls: z.array(z.url()),
  paused: z.boolean(),
  /** How many times each event is delivered. */
  duplicate: z.number().int().min(1).max(10),
});
type WebhookBehaviour = z.infer<typeof behaviourSchema>;

export interface Webhooks {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** After a commit that may have queued something. */
  wake(): void;
  behave(change: Partial<WebhookBehaviour>): Promise<WebhookBehaviour>;
  redeliver(eventId: string, times: number): Promise<void>;
  /** True when the first attempt to deliver this event was made (whatever it brought) within `timeoutMs`. */
  attempted(eventId: string, timeoutMs: number): Promise<boolean>;
  backlog(): Promise<Backlog>;
  /** False while they are paused, or go nowhere. */
  delivers(): boolean;
}

/** Signs and posts events until a 2xx comes back. The queue is a table: at least once, also across a kill. */
export const makeWebhooks = (
  world: StripeWorld,
  options: { readonly url: string | null; readonly secret: Secret },
): Webhooks => {
  let behaviour: WebhookBehaviour = { urls: options.url === null ? [] : [options.url], paused: false, duplicate: 1 };
  let timer: NodeJS.Timeout | null = null;
  const running = new Set<Promise<void>>();
  const { database } = world;

  const fill = async (): Promise<void> => {
    if (behaviour.paused || behaviour.urls.length === 0 || timer === null) return;
    const free = CONCURRENCY_MAX - running.size;
    if (free < 1) return;
    for (const delivery of await claimDueDeliveries(database, world.wallClock.nowMs(), free))
      track(deliver(world, delivery, { behaviour, secret: options.secret }));
  };
  const track = (work: Promise<void>): void => {
    const tracked: Promise<void> = work
      .catch((error: unknown) => world.logger.error({ error }, 'webhook delivery broke'))
      .finally(() => {
        running.delete(tracked);
        wake();
      });
    running.add(tracked);
  };
  let filling: Promise<void> = Promise.resolve();
  const wake = (): void => {
    filling = filling
      .then(fill)
      .catch((error: unknown) => world.logger.warn({ error }, 'webhook queue could not be read'));
  };

  return {
    start: async () => {
      const stored = behaviourSchema.safeParse(await readSetting(database, 'webhook-behaviour'));
      if (stored.success)
        behaviour = { ...stored.data, urls: options.url === null ? stored.data.urls : behaviour.urls };
      timer = setInterval(wake, POLL_MS);
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await filling;
      await Promise.all(running);
    },
    delivers: () => !behaviour.paused && behaviour.urls.length > 0,
    wake,
    behave: async (change) => {
      behaviour = behaviourSchema.parse({ ...behaviour, ...change });
      await writeSetting(database, 'webhook-behaviour', behaviour);
      wake();
      return behaviour;
    },
    redeliver: async (eventId, times) => {
      await queueDeliveries(database, { eventId, times, nowMs: world.wallClock.nowMs() });
      wake();
    },
    attempted: async (eventId, timeoutMs) => {
      const until = world.wallClock.nowMs() + timeoutMs;
      while (world.wallClock.nowMs() < until && !behaviour.paused && behaviour.urls.length > 0) {
        if (await wasAttempted(database, eventId)) return true;
        await pause(25);
      }
      return false;
    },
    backlog: () => countDeliveries(database),
  };
};

const deliver = async (
  world: StripeWorld,
  delivery: Delivery,
  to: { readonly behaviour: WebhookBehaviour; readonly secret: Secret },
): Promise<void> => {
  const { urls, duplicate } = to.behaviour;
  // Two copies of one event go to two replicas at once when there are two.
  const copies = delivery.attempts === 1 ? duplicate : 1;
  const posts = Array.from({ length: copies }, (_, copy) => {
    const url = urls[(Number(delivery.id) + delivery.attempts + copy) % urls.length] ?? '';
    return post(url, delivery.body, { secret: to.secret, signedAtMs: world.wallClock.nowMs() });
  });
  const outcomes = await Promise.all(posts);
  const worst = outcomes.find((outcome) => outcome.error !== null) ??
    outcomes[0] ?? { status: null, error: 'nothing was sent' };
  const now = world.wallClock.nowMs();
  const tooOld = now - delivery.queued_at.getTime() > GIVE_UP_AFTER_MS;
  const state = worst.error === null ? 'delivered' : tooOld ? 'abandoned' : 'pending';
  await recordAttempt(world.database, delivery.id, {
    state,
    dueMs: now + (RETRY_DELAYS_MS[delivery.attempts - 1] ?? RETRY_LAST_MS),
    ...worst,
  });
  if (worst.error !== null) {
    world.logger.warn(
      { event: delivery.event_id, type: delivery.body.type, attempt: delivery.attempts, reason: worst.error },
      'webhook not accepted',
    );
  }
};

const post = async (
  url: string,
  event: Stripe.EventBase,
  { secret, signedAtMs }: { readonly secret: Secret; readonly signedAtMs: number },
): Promise<AttemptOutcome> => {
  const payload = JSON.stringify(event, null, 2);
  const timestamp = Math.floor(signedAtMs / 1000);
  const header = signer.webhooks.generateTestHeaderString({ payload, secret: secret.reveal(), timestamp });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': header,
        'user-agent': 'Stripe/1.0 (+sandbox)',
      },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.ok
      ? { status: response.status, error: null }
      : { status: response.status, error: `answered ${response.status}` };
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  }
};

/** Only its webhook helpers are used; it never calls anybody. */
const signer = new Stripe('sk_test_unused');

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

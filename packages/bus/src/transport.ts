import { type Envelope, type ServiceName } from '@quittance/contracts';

import { type DeadLetter } from './stores.ts';

/** One message as it lies on a service's queue: bytes that nobody has looked at yet. */
export interface Delivery {
  /** As the sender said; null when a foreign sender said nothing. */
  readonly messageId: string | null;
  readonly type: string | null;
  readonly body: Buffer;
  /** 1 for the first, then one more for each delayed retry. A redelivery after a crash keeps its number. */
  readonly attempt: number;
  /** It was handed out before, and whoever had it did not answer. */
  readonly redelivered: boolean;
}

/** What shall become of a delivery. The transport carries it out, and leaves the delivery on the queue if it cannot. */
export type Settlement =
  | { readonly outcome: 'acknowledge' }
  /** Comes back with `attempt + 1`, after the tier of this attempt. Only while `attempt < attemptsMax`. */
  | { readonly outcome: 'retry'; readonly reason: string }
  | { readonly outcome: 'dead_letter'; readonly reason: string };

export type OnDelivery = (delivery: Delivery) => Promise<Settlement>;

export type PublishResult = 'confirmed' | Error;

export interface Subscription {
  /** Takes nothing new and waits (up to 5 s) for what is being handled; the rest is redelivered elsewhere. */
  stop(): Promise<void>;
}

/** How much is on its way, over every queue of the topology. All zero means that the bus is quiet. */
export interface Backlog {
  /** Waiting to be handled, or to be stored as a dead letter. */
  readonly ready: number;
  /** Waiting for its retry to become due. */
  readonly delayed: number;
  readonly inFlight: number;
}

export interface ConsumeOptions {
  /** Deliveries handled at once, at most. */
  readonly prefetch: number;
  /** How long what comes of a type may lie until a transport that `fetches` its deliveries does. Default 0. */
  readonly lingerMs?: (type: string) => number;
}

export type ArrivedDeadLetter = Omit<DeadLetter, 'id' | 'replayedAt'>;

/**
 * What carries messages. Two of them pass the same contract suite: RabbitMQ and PostgreSQL. Both deliver at least once,
 * in no promised order, and lose nothing that was confirmed.
 */
export interface Transport {
  /** First delivery included: with four retry tiers, five. */
  readonly attemptsMax: number;
  /** It fetches its deliveries, and so lets lie what may (`lingerMs`); else they are handed to it as they come. */
  readonly fetches: boolean;
  /** Connects; keeps the connection from then on. Throws when nothing answers for 30 s. */
  start(): Promise<void>;
  /** Drains (up to 5 s) and disconnects. Unconfirmed publishes come back as Errors. */
  stop(): Promise<void>;
  /** Makes every queue of the topology that is missing. Safe to run at once from many processes. */
  declare(): Promise<void>;
  /**
   * One result per envelope, in order; never throws. `confirmed` means: durable on the queue of every consumer. Anything
   * else, silence for 5 s included, is an Error, and the envelope may or may not have been delivered.
   */
  publish(envelopes: readonly Envelope[]): Promise<readonly PublishResult[]>;
  /** Handles a service's queue. Throws when the first subscription fails. */
  consume(service: ServiceName, options: ConsumeOptions, onDelivery: OnDelivery): Promise<Subscription>;
  /** Hands each dead letter of a service to `store` and forgets it when that resolves (at least once). */
  drainDeadLetters(service: ServiceName, store: (letter: ArrivedDeadLetter) => Promise<void>): Promise<Subscription>;
  /** Puts bytes back on one service's own queue as attempt 1. Resolves when durable, throws otherwise. */
  redeliver(
    service: ServiceName,
    letter: { readonly messageId: string; readonly type: string; readonly body: string },
  ): Promise<void>;
  backlog(): Promise<Backlog>;
  /** Resolves when the broker answers within 5 s. */
  ping(): Promise<void>;
}

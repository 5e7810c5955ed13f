import { type Envelope } from '@quittance/contracts';
import { type Write } from '@quittance/kernel';

/** A message waiting in a service's outbox. */
export interface OutboxRow {
  /** Decimal of a bigint; order of sending. */
  readonly position: string;
  readonly envelope: Envelope;
}

/** The relay's view of the outbox. `database` implements it. */
export interface OutboxStore {
  /**
   * Waits until this process may relay (session advisory lock on its own connection). `lost` settles when the
   * connection dies, and then nothing may be published any more until leadership is won again.
   */
  lead(signal: AbortSignal): Promise<OutboxLeadership>;
}

export interface OutboxLeadership {
  readonly lost: Promise<void>;
  /** Oldest unsent rows first, without those that are under way. */
  readUnsent(limit: number, underWay?: readonly string[]): Promise<readonly OutboxRow[]>;
  markSent(positions: readonly string[]): Promise<void>;
  /** Resolves when something was committed, or after `fallbackMs` in any case. */
  waitForWork(fallbackMs: number, signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

/** One row per handled (consumer, message). */
export interface InboxStore {
  wasHandled(consumer: string, messageId: string): Promise<boolean>;
  /** Those of the ids that were. */
  whichWereHandled(consumer: string, messageIds: readonly string[]): Promise<readonly string[]>;
  /**
   * The write that makes the handler run once: enlisted before it, committed with its effect. When the row exists
   * already it throws `DuplicateDelivery`, which undoes the commit.
   */
  markHandled(consumer: string, messageId: string): Write;
  /** The same for a batch: throws when one of the rows exists already. */
  markAllHandled(consumer: string, messageIds: readonly string[]): Write;
  /** For a handler that had nothing to commit. Never throws for a duplicate. */
  markHandledNow(consumer: string, messageId: string): Promise<void>;
}

export interface DeadLetter {
  readonly id: string;
  readonly messageId: string;
  readonly type: string;
  /** The bytes as received: an unparseable message has no envelope. */
  readonly body: string;
  readonly attempts: number;
  readonly reason: string;
  readonly diedAt: Date;
  readonly replayedAt: Date | null;
}

export interface DeadLetterStore {
  /** Idempotent by (message id, attempts): the dead-letter queue delivers at least once. */
  store(letter: Omit<DeadLetter, 'id' | 'replayedAt'>): Promise<void>;
  listWaiting(limit: number): Promise<readonly DeadLetter[]>;
  find(id: string): Promise<DeadLetter | null>;
  /** Of the death that was read: one that died again meanwhile waits again. */
  markReplayed(letter: Pick<DeadLetter, 'id' | 'diedAt'>): Write;
}

/** Thrown by the inbox write: this message's effect is already committed, by this or another replica. */
export const DUPLICATE_DELIVERY = 'platform.duplicate_delivery';

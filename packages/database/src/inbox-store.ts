import { DomainError, type WallClock, type Write } from '@quittance/kernel';
import { type Pool } from 'pg';

import { mappingErrors } from './to-platform-error.ts';
import { write } from './write.ts';

/** The same constant as the bus's: this message's effect is already committed, by this or another replica. */
const DUPLICATE_DELIVERY = 'platform.duplicate_delivery';

export interface DatabaseInboxStore {
  wasHandled(consumer: string, messageId: string): Promise<boolean>;
  /** Throws a DomainError `platform.duplicate_delivery` in the transaction when the row exists, which undoes it. */
  markHandled(consumer: string, messageId: string): Write;
  /** For a handler that had nothing to commit. Never throws for a duplicate. */
  markHandledNow(consumer: string, messageId: string): Promise<void>;
}

const inboxWrites = new WeakSet<Write>();

/** The unit of work lets an operation that carried one of these commit only once. */
export const isInboxWrite = (change: Write): boolean => inboxWrites.has(change);

export const makeInboxStore = (deps: { readonly pool: Pool; readonly wallClock: WallClock }): DatabaseInboxStore => {
  const handledAt = (): string => new Date(deps.wallClock.nowMs()).toISOString();
  return {
    wasHandled: (consumer, messageId) =>
      mappingErrors(async () => {
        const text = 'SELECT 1 FROM platform.inbox WHERE consumer = $1 AND message_id = $2';
        const found = await deps.pool.query({ name: 'inbox_was_handled', text, values: [consumer, messageId] });
        return found.rowCount === 1;
      }),
    markHandled: (consumer, messageId) => {
      const change = write(async (transaction) => {
        // A second insert waits here for the first one's transaction, and then sees its row or takes its place.
        const inserted = await transaction.$executeRawUnsafe(INSERT, consumer, messageId, handledAt());
        if (inserted === 0) {
          const twice = `Message ${messageId} was handled by ${consumer} before.`;
          throw new DomainError({ code: DUPLICATE_DELIVERY, kind: 'conflict' }, twice);
        }
      });
      inboxWrites.add(change);
      return change;
    },
    markHandledNow: (consumer, messageId) =>
      mappingErrors(async () => {
        await deps.pool.query({ name: 'inbox_mark', text: INSERT, values: [consumer, messageId, handledAt()] });
      }),
  };
};

const INSERT =
  'INSERT INTO platform.inbox (consumer, message_id, handled_at) VALUES ($1, $2, $3::text::timestamptz) ON CONFLICT DO NOTHING';

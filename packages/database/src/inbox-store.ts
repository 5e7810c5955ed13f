import { DomainError, type WallClock, type Write } from '@quittance/kernel';
import { type Pool } from 'pg';

import { guarded, type Statement, statementWrite } from './statement.ts';
import { mappingErrors } from './to-platform-error.ts';

/** The same constant as the bus's: this message's effect is already committed, by this or another replica. */
const DUPLICATE_DELIVERY = 'platform.duplicate_delivery';

export interface DatabaseInboxStore {
  wasHandled(consumer: string, messageId: string): Promise<boolean>;
  whichWereHandled(consumer: string, messageIds: readonly string[]): Promise<readonly string[]>;
  /** Throws a DomainError `platform.duplicate_delivery` in the transaction when the row exists, which undoes it. */
  markHandled(consumer: string, messageId: string): Write;
  /** As `markHandled`, for all of them or none. */
  markAllHandled(consumer: string, messageIds: readonly string[]): Write;
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
    whichWereHandled: (consumer, messageIds) =>
      mappingErrors(async () => {
        const text =
          'SELECT message_id AS id FROM platform.inbox WHERE consumer = $1 AND message_id = ANY ($2::text[])';
        const values = [consumer, messageIds];
        const { rows } = await deps.pool.query<{ id: string }>({ name: 'inbox_which_were_handled', text, values });
        return rows.map(({ id }) => id);
      }),
    markHandled: (consumer, messageId) => {
      // A second insert waits here for the first one's transaction, and then sees its row or takes its place.
      const insert = { text: INSERT, values: [consumer, messageId, handledAt()] };
      return inboxWrite(guarded(insert, () => handledBefore(`Message ${messageId}`, consumer)));
    },
    markAllHandled: (consumer, messageIds) => {
      // In one order everywhere: two batches that share messages wait for each other, and never both ways.
      const insert = { text: INSERT_ALL, values: [consumer, messageIds.toSorted(), handledAt()] };
      const refusal = () => handledBefore(`One of ${messageIds.length} messages`, consumer);
      return inboxWrite(guarded(insert, refusal, messageIds.length));
    },
    markHandledNow: (consumer, messageId) =>
      mappingErrors(async () => {
        await deps.pool.query({ name: 'inbox_mark', text: INSERT, values: [consumer, messageId, handledAt()] });
      }),
  };
};

const inboxWrite = (statement: Statement): Write => {
  const change = statementWrite(statement);
  inboxWrites.add(change);
  return change;
};

const handledBefore = (what: string, consumer: string): DomainError =>
  new DomainError({ code: DUPLICATE_DELIVERY, kind: 'conflict' }, `${what} was handled by ${consumer} before.`);

const INSERT =
  'INSERT INTO platform.inbox (consumer, message_id, handled_at) VALUES ($1, $2, $3::text::timestamptz) ON CONFLICT DO NOTHING';

const INSERT_ALL = `INSERT INTO platform.inbox (consumer, message_id, handled_at)
  SELECT $1, id, $3::text::timestamptz FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING`;

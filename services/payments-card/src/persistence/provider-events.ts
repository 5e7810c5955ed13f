import { columnsOf, type Database, guarded, insertRows, statementWrite, updateRow } from '@quittance/database';
import { durableStep } from '@quittance/runtime';

import { type EventStore, type StoredEvent } from '../application/ports.ts';
import { paymentsCardFail } from '../domain/errors.ts';
import { Prisma, type PrismaClient, type ProviderEvent } from './generated/client.ts';

/** Errors are shown to people and kept in a row; a few lines are enough. */
const ERROR_CHARACTERS_MAX = 500;

export const makeProviderEvents = ({ client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>): EventStore => ({
  exists: (id) =>
    read(async (ask) => (await ask({ text: 'SELECT 1 FROM provider_events WHERE id = $1', values: [id] })).length > 0),

  insert: (event, { provider, payload, receivedAt, claimedUntil }) => {
    const { id, type, livemode, orderId, paymentReference, createdAt } = event;
    const facts = { id, type, livemode, orderId, paymentReference, createdAt, provider, receivedAt };
    const claim = { dueAt: claimedUntil ?? receivedAt, attempts: claimedUntil === null ? 0 : 1 };
    const row = { ...facts, payload, state: 'received', ...claim };
    return statementWrite(
      guarded(insertRows('provider_events', [row], 'ON CONFLICT DO NOTHING'), () =>
        paymentsCardFail('payments_card.event_already_stored', `Event ${id} is already stored.`),
      ),
    );
  },

  claimDue: ({ now, leaseUntil, limit }) =>
    read(async (ask) => {
      const values = [leaseUntil.toISOString(), now.toISOString(), limit];
      const claim = () => ask<ProviderEvent>({ text: CLAIM, values });
      const rows = await durableStep('provider_event.claim', claim, (found) => (found ?? []).map(({ type }) => type));
      return rows.map(fromRowEvent).toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
    }),

  finish: (id, state, finishedAt) => {
    const set = { state, finishedAt, dueAt: null, lastError: null };
    return statementWrite(updateRow('provider_events', { set, where: { id, state: 'received' } }, `Event ${id}`));
  },

  putBack: async (id, dueAt, error) => {
    const lastError = error.slice(0, ERROR_CHARACTERS_MAX);
    await durableStep('provider_event.put_back', () =>
      client.providerEvent.updateMany({ where: { id, state: 'received' }, data: { dueAt, lastError } }),
    );
  },

  countUnfinished: () => client.providerEvent.count({ where: { state: 'received' } }),

  listFailing: async (attemptsMin, limit) => {
    const rows = await client.providerEvent.findMany({
      where: { state: 'received', attempts: { gte: attemptsMin } },
      orderBy: { receivedAt: 'asc' },
      take: limit,
    });
    return rows.map(fromRowEvent);
  },
});

/** As for orders: one worker per event, for the length of a lease. The attempt counts from the moment it begins. */
const CLAIM = `
  UPDATE provider_events t SET due_at = $1, attempts = t.attempts + 1
  WHERE t.id IN (
    SELECT id FROM provider_events WHERE due_at <= $2 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
  )
  RETURNING ${columnsOf(Prisma.ProviderEventScalarFieldEnum)}`;

const fromRowEvent = (row: ProviderEvent): StoredEvent => ({
  id: row.id,
  provider: row.provider,
  type: row.type,
  orderId: row.orderId,
  paymentReference: row.paymentReference,
  payload: Buffer.from(row.payload),
  attempts: row.attempts,
  lastError: row.lastError,
  receivedAt: row.receivedAt,
});

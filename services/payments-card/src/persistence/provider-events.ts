import { guarded, insertRows, statementWrite, updateRow } from '@quittance/database';

import { type Claim, type EventStore, type StoredEvent } from '../application/ports.ts';
import { paymentsCardFail } from '../domain/errors.ts';
import { type PrismaClient, type ProviderEvent } from './generated/client.ts';

/** Errors are shown to people and kept in a row; a few lines are enough. */
const ERROR_CHARACTERS_MAX = 500;

export const makeProviderEvents = (client: PrismaClient): EventStore => ({
  exists: async (id) => (await client.providerEvent.findUnique({ where: { id }, select: { id: true } })) !== null,

  insert: (event, { provider, payload, receivedAt }) => {
    const { id, type, livemode, orderId, paymentReference, createdAt } = event;
    const facts = { id, type, livemode, orderId, paymentReference, createdAt, provider, receivedAt };
    const row = { ...facts, payload, state: 'received', dueAt: receivedAt };
    return statementWrite(
      guarded(insertRows('provider_events', [row], 'ON CONFLICT DO NOTHING'), () =>
        paymentsCardFail('payments_card.event_already_stored', `Event ${id} is already stored.`),
      ),
    );
  },

  claimDue: (claim) => claimDue(client, claim),

  finish: (id, state, finishedAt) => {
    const set = { state, finishedAt, dueAt: null, lastError: null };
    return statementWrite(updateRow('provider_events', { set, where: { id, state: 'received' } }, `Event ${id}`));
  },

  putBack: async (id, dueAt, error) => {
    const lastError = error.slice(0, ERROR_CHARACTERS_MAX);
    await client.providerEvent.updateMany({ where: { id, state: 'received' }, data: { dueAt, lastError } });
  },

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
const claimDue = async (client: PrismaClient, { now, leaseUntil, limit }: Claim): Promise<readonly StoredEvent[]> => {
  const claimed = await client.$queryRaw<{ id: string }[]>`
    UPDATE provider_events SET due_at = ${leaseUntil}, attempts = attempts + 1
    WHERE id IN (
      SELECT id FROM provider_events WHERE due_at <= ${now} ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING id`;
  if (claimed.length === 0) return [];
  const rows = await client.providerEvent.findMany({
    where: { id: { in: claimed.map(({ id }) => id) } },
    orderBy: { receivedAt: 'asc' },
  });
  return rows.map(fromRowEvent);
};

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

import { type Database, toPlatformError } from '@quittance/database';
import { z } from 'zod';

import { type EntitlementProjection, type Projected } from '../application/index.ts';
import { type Beat } from '../domain/beat.ts';
import { fromStoredDocument } from './stored-document.ts';

type Pool = Database<unknown>['pool'];

/** A check is answered within seconds, also over a line that is half open: with "unknown". */
const ANSWER_MAX_MS = 3_000;

/** Row and beat in one named statement: one round trip on the hot path. */
const READ = {
  name: 'gateway-read-entitlement',
  query_timeout: ANSWER_MAX_MS,
  text: `SELECT b.beat_at, b.received_at, d.account_id IS NOT NULL AS known, d.document
         FROM (SELECT 1) AS one
         LEFT JOIN subscription_beat b ON b.id = 1
         LEFT JOIN entitlement_documents d ON d.account_id = $1 AND d.product_key = $2`,
} as const;

const Row = z.object({
  beat_at: z.date().nullable(),
  received_at: z.date().nullable(),
  known: z.boolean(),
  document: z.unknown(),
});

/** The projection as it stands in the database. Throws `platform.unavailable`. */
export const makeReadProjection = (pool: Pool): EntitlementProjection & { readBeat(): Promise<Beat | null> } => {
  const readRow = async (account: string, product: string): Promise<z.infer<typeof Row>> => {
    try {
      const { rows } = await pool.query<Record<string, unknown>>({ ...READ, values: [account, product] });
      return Row.parse(rows[0]);
    } catch (error) {
      throw toPlatformError(error);
    }
  };
  return {
    read: async (accountId, productKey) => toProjected(await readRow(accountId, productKey)),
    readBeat: async () => toBeat(await readRow('', '')),
  };
};

const toProjected = (row: z.infer<typeof Row>): Projected => ({
  row: row.known ? { document: row.document === null ? null : fromStoredDocument(row.document) } : null,
  beat: toBeat(row),
});

const toBeat = (row: z.infer<typeof Row>): Beat | null =>
  row.beat_at === null || row.received_at === null ? null : { beatAt: row.beat_at, receivedAt: row.received_at };

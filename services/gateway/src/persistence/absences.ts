import { type Database, toPlatformError } from '@quittance/database';

import { type Absences } from '../application/index.ts';

const FORGET = `
  DELETE FROM entitlement_documents WHERE (account_id, product_key) IN (
    SELECT account_id, product_key FROM entitlement_documents
    WHERE document IS NULL AND received_at < $1 ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED
  )`;

export const makeAbsences = ({ pool }: Pick<Database<unknown>, 'pool'>): Absences => ({
  forgetBefore: async (instant, limit) => {
    try {
      const { rowCount } = await pool.query(FORGET, [instant.toISOString(), limit]);
      return rowCount ?? 0;
    } catch (error) {
      throw toPlatformError(error);
    }
  },
});

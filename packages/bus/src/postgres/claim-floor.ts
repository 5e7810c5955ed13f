import { type ClaimedRow, type DeliveryTable } from './delivery-table.ts';

/** Rows that were put at the same moment stand beside each other, and a double rounds to a fraction of a microsecond. */
const OVERLAP_SECONDS = 0.001;
/** So often the whole queue is looked at, so that what comes in behind is never left behind. */
const WHOLE_EVERY = 16;

/**
 * Claims from one queue. While it is full, each claim begins where the last one ended: taken rows leave their old index
 * entries behind until a vacuum, and walking over all of them makes every claim dearer than the one before.
 */
export const makeClaimFromQueue = (
  table: Pick<DeliveryTable, 'claim'>,
  queue: string,
): ((limit: number) => Promise<readonly ClaimedRow[]>) => {
  let fromSeconds = 0;
  let full = 0;
  return async (limit) => {
    const rows = await table.claim(queue, limit, fromSeconds);
    const missing = limit - rows.length;
    if (missing > 0) {
      const all = fromSeconds === 0 ? rows : [...rows, ...(await table.claim(queue, missing, 0))];
      fromSeconds = 0;
      full = 0;
      return all;
    }
    full += 1;
    const last = Math.max(...rows.map(({ wasDueSeconds }) => wasDueSeconds));
    fromSeconds = full % WHOLE_EVERY === 0 ? 0 : last - OVERLAP_SECONDS;
    return rows;
  };
};

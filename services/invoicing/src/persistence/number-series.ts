import { type Database, guarded, lostRace, statementWrite } from '@quittance/database';

import { type NumberSeriesStore } from '../application/ports.ts';

const FIRST = 1n;

export const makeNumberSeries = ({ read }: Pick<Database<unknown>, 'read'>): NumberSeriesStore => ({
  read: (sellerId, year) =>
    read(async (ask) => {
      const [row] = await ask<{ readonly next: bigint }>({ text: READ, values: [sellerId, year] });
      return { sellerId, year, next: row?.next ?? FIRST };
    }),

  // Both statements lock the row until the commit: whoever takes the same number waits, and then finds it taken.
  take: ({ sellerId, year, next }, count) =>
    statementWrite(
      guarded(
        next === FIRST
          ? { text: BEGIN_SERIES, values: [sellerId, year, String(FIRST + BigInt(count))] }
          : { text: TAKE, values: [sellerId, year, String(next), count] },
        lostRace(`Number ${next} of ${sellerId} in ${year}`),
      ),
    ),
});

const READ = 'SELECT next FROM number_series WHERE seller_entity_id = $1 AND year = $2';
const BEGIN_SERIES =
  'INSERT INTO number_series (seller_entity_id, year, next) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
const TAKE = 'UPDATE number_series SET next = next + $4 WHERE seller_entity_id = $1 AND year = $2 AND next = $3';

import { versionedUpdate, write } from '@quittance/database';

import { type NumberSeriesStore } from '../application/ports.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';

const FIRST = 1n;

export const makeNumberSeries = (client: PrismaClient): NumberSeriesStore => ({
  read: async (sellerId, year) => {
    const row = await client.numberSeries.findUnique({
      where: { sellerEntityId_year: { sellerEntityId: sellerId, year } },
    });
    return { sellerId, year, next: row?.next ?? FIRST };
  },

  // Both statements lock the row until the commit: whoever takes the same number waits, and then finds it taken.
  take: ({ sellerId, year, next }) =>
    write<Prisma.TransactionClient>((tx) =>
      versionedUpdate(
        next === FIRST
          ? tx.$executeRaw`
              INSERT INTO number_series (seller_entity_id, year, next) VALUES (${sellerId}, ${year}, ${FIRST + 1n})
              ON CONFLICT DO NOTHING`
          : tx.$executeRaw`
              UPDATE number_series SET next = next + 1
              WHERE seller_entity_id = ${sellerId} AND year = ${year} AND next = ${next}`,
        `Number ${next} of ${sellerId} in ${year}`,
      ),
    ),
});

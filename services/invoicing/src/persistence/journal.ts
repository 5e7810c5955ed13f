import { write } from '@quittance/database';

import { type Journal } from '../application/ports.ts';
import { type Prisma } from './generated/client.ts';

/** Only ever appends: the database refuses anything else, and an entry that does not balance. */
export const makeJournal = (): Journal => ({
  append: ({ postings, ...entry }) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.journalEntry.create({ data: entry, select: { id: true } });
      await tx.journalPosting.createMany({
        data: postings.map(({ amount, ...posting }, index) => ({
          ...posting,
          entryId: entry.id,
          position: index + 1,
          amountMinor: amount.amountMinor,
          currency: amount.currency,
        })),
      });
    }),
});

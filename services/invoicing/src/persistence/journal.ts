import { insertRows, statementWrite } from '@quittance/database';

import { type Journal } from '../application/ports.ts';

/** Only ever appends: the database refuses anything else, and an entry that does not balance. */
export const makeJournal = (): Journal => ({
  append: ({ postings, ...entry }) =>
    statementWrite(
      insertRows('journal_entries', [entry]),
      insertRows(
        'journal_postings',
        postings.map(({ amount, ...posting }, index) => ({
          ...posting,
          entryId: entry.id,
          position: index + 1,
          amountMinor: amount.amountMinor,
          currency: amount.currency,
        })),
      ),
    ),
});

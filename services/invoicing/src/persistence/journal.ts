import { insertRows, statementWrite } from '@quittance/database';

import { type Journal } from '../application/ports.ts';
import { type JournalEntry } from '../domain/journal.ts';

/** Only ever appends: the database refuses anything else, and an entry that does not balance. */
export const makeJournal = (): Journal => ({
  append: (entries) =>
    entries.length === 0
      ? statementWrite()
      : statementWrite(
          insertRows('journal_entries', entries.map(toRowEntry)),
          insertRows('journal_postings', entries.flatMap(toRowPostings)),
        ),
});

const toRowEntry = ({ postings: _postings, ...entry }: JournalEntry) => entry;

const toRowPostings = ({ id, postings }: JournalEntry) =>
  postings.map(({ amount, ...posting }, index) => ({
    ...posting,
    entryId: id,
    position: index + 1,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
  }));

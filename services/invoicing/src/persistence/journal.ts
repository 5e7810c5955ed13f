import { type Database, insertRows, statementWrite } from '@quittance/database';
import { type Currency, type Money, money } from '@quittance/money';

import { type BalanceDue, type Journal } from '../application/ports.ts';
import { type JournalEntry } from '../domain/journal.ts';
import { currencyFromRow } from './row-values.ts';

/** Only ever appends: the database refuses anything else, and an entry that does not balance. */
export const makeJournal = ({ read }: Pick<Database<unknown>, 'read'>): Journal => ({
  append: (entries) =>
    entries.length === 0
      ? statementWrite()
      : statementWrite(
          insertRows('journal_entries', entries.map(toRowEntry)),
          insertRows('journal_postings', entries.flatMap(toRowPostings)),
        ),

  balancesDue: (accountId) =>
    read(async (ask) => {
      const rows = await ask<OwedRow>({ text: OWED, values: [accountId] });
      return rows.map(fromRowOwed);
    }),
});

interface OwedRow {
  readonly currency: string;
  readonly due: bigint;
  readonly carried: bigint;
}

const OWED = `
  SELECT currency, sum(signed)::int8 AS due, coalesce(sum(signed) FILTER (WHERE ledger = 'carried'), 0)::int8 AS carried
  FROM (
    SELECT currency, ledger, CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END AS signed
    FROM journal_postings WHERE account_id = $1 AND ledger IN ('receivable', 'carried')
  ) owed
  GROUP BY currency HAVING sum(signed) <> 0 ORDER BY currency`;

const fromRowOwed = (row: OwedRow): BalanceDue => {
  const currency: Currency = currencyFromRow(row.currency);
  const amount = (minor: bigint): Money => money(minor, currency);
  return { due: amount(row.due), carried: amount(row.carried) };
};

const toRowEntry = ({ postings: _postings, ...entry }: JournalEntry) => entry;

const toRowPostings = ({ id, postings }: JournalEntry) =>
  postings.map(({ amount, ...posting }, index) => ({
    ...posting,
    entryId: id,
    position: index + 1,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
  }));

import { platformFail, type Write } from '@quittance/kernel';

import { hasSqlState } from './to-platform-error.ts';
import { write } from './write.ts';

/** One change as data: it can be sent to the database together with others, without waiting for each answer. */
export interface Statement {
  readonly text: string;
  /** Text, numbers, booleans, bytes, null and arrays of text: what `pg` and Prisma's raw SQL understand alike. */
  readonly values: readonly unknown[];
  /** What a guarded statement throws that touched too few rows; the whole commit is undone. */
  readonly onFewer?: () => Error;
}

/** Raised by `platform.expect_rows`. */
const TOO_FEW = 'QT001';

/** `text` is one INSERT, UPDATE or DELETE without RETURNING; it must touch so many rows, or `onFewer` is thrown. */
export const guarded = ({ text, values }: Statement, onFewer: () => Error, rows = 1): Statement => ({
  text: `WITH touched AS (${text} RETURNING 1) SELECT platform.expect_rows(count(*), $${values.length + 1}) FROM touched`,
  values: [...values, rows],
  onFewer,
});

/** The row was changed, or taken, by somebody else: `platform.version_conflict`, naming it for who reads the error. */
export const lostRace = (what: string) => (): Error =>
  platformFail('platform.version_conflict', `${what} was changed by somebody else meanwhile.`);

const dataOf = new WeakMap<Write, readonly Statement[]>();

/** A write made of statements. A commit of nothing else is one round trip; beside Prisma's writes each is its own. */
export const statementWrite = (...statements: readonly Statement[]): Write => {
  const change = write(async (transaction) => {
    for (const { text, values, onFewer } of statements) {
      try {
        await transaction.$executeRawUnsafe(text, ...values);
      } catch (error) {
        throw refusalOf(error, onFewer);
      }
    }
  });
  dataOf.set(change, statements);
  return change;
};

/** All writes as statements, in order; null when one of them is code that must see the transaction. */
export const statementsOf = (writes: readonly Write[]): readonly Statement[] | null => {
  const found = writes.map((change) => dataOf.get(change));
  return found.every((statements) => statements !== undefined) ? found.flat() : null;
};

/** What is thrown for the failure of a statement. */
export const refusalOf = (error: unknown, onFewer: Statement['onFewer']): unknown =>
  onFewer !== undefined && hasSqlState(error, TOO_FEW) ? onFewer() : error;

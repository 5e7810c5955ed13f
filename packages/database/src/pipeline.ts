import { inOneWrite } from '@quittance/runtime';
import {
  DatabaseError,
  type Pool,
  type QueryConfig,
  type QueryResult,
  type QueryResultRow,
  TypeOverrides,
  types,
} from 'pg';

import { type RowQuery } from './rows.ts';
import { refusalOf, type Statement } from './statement.ts';
import { mappingErrors } from './to-platform-error.ts';

/** Sends what belongs together without waiting for each answer, on one connection. */
export interface Pipeline {
  /**
   * All of them or none, in order, in one round trip; throws what the first that failed threw.
   * @returns the rows that each of them returned.
   */
  transact(statements: readonly Statement[]): Promise<readonly (readonly QueryResultRow[])[]>;
  /** Reads in one round trip: everything asked for before the first `await` goes together. */
  read<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result>;
}

export type Ask = <Found extends QueryResultRow>(query: RowQuery<Found>) => Promise<readonly Found[]>;

/** Of the server, a statement; nobody waits longer for a lock. */
const BEGIN = "BEGIN; SET LOCAL statement_timeout = '5s'";
/** Ours, for a server that is silent: the connection is then cut, and the outcome unknown. */
const ANSWER_MAX_MS = 6000;

export const makePipeline = (pool: Pool, nameOf: (query: { readonly sql: string }) => string): Pipeline => {
  const toQuery = ({ text, values }: Statement): QueryConfig => ({
    name: nameOf({ sql: text }),
    text,
    values: [...values],
  });
  return {
    transact: (statements) =>
      mappingErrors(async () => {
        if (statements.length === 0) return [];
        const client = await pool.connect();
        let broken = true;
        try {
          const end = { text: 'COMMIT', query_timeout: ANSWER_MAX_MS };
          const sent = inOneWrite(client.connection.stream, () => [
            client.query(BEGIN),
            ...statements.map((each) => client.query<QueryResultRow>(toQuery(each))),
            client.query(end),
          ]);
          const outcomes = await Promise.allSettled(sent);
          const failed = outcomes.findIndex(({ status }) => status === 'rejected');
          const failure = outcomes[failed];
          broken = failure?.status === 'rejected' && !(failure.reason instanceof DatabaseError);
          // The first is BEGIN; those behind a failed one only say that the transaction is aborted.
          if (failure?.status === 'rejected') throw refusalOf(failure.reason, statements[failed - 1]?.onFewer);
          return outcomes.slice(1, -1).map(rowsOf);
        } finally {
          client.release(broken);
        }
      }),
    read: (work) =>
      mappingErrors(async () => {
        const client = await pool.connect();
        try {
          const ask: Ask = async <Found extends QueryResultRow>(query: RowQuery<Found>) => {
            const { rows } = await client.query<Found>({ ...toQuery(query), types: ROW_TYPES });
            return rows;
          };
          return await inOneWrite(client.connection.stream, () => work(ask));
        } finally {
          client.release();
        }
      }),
  };
};

const rowsOf = (outcome: PromiseSettledResult<QueryResult<QueryResultRow>>): readonly QueryResultRow[] =>
  outcome.status === 'fulfilled' ? outcome.value.rows : [];

/** As Prisma's models have them: int8 is a bigint. */
const ROW_TYPES = new TypeOverrides();
ROW_TYPES.setTypeParser(types.builtins.INT8, BigInt);

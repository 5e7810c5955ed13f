import { VerifyAuditChain } from '@quittance/contracts';
import { type StoringService } from '@quittance/local';

import { type Violation } from '../fault.ts';
import { type Check, violation } from './check.ts';

/** Tables whose rows are never changed, whoever asks, and a column of each. */
const APPEND_ONLY = [
  ['invoicing', 'journal_entries', 'fact_key'],
  ['invoicing', 'journal_postings', 'amount_minor'],
  ['payments-card', 'payments', 'amount_minor'],
  ['payments-card', 'order_attempts', 'outcome'],
  ['audit', 'audit_records', 'action'],
  ['audit', 'audit_seals', 'hash'],
] as const satisfies readonly (readonly [StoringService, table: string, column: string])[];

/** I1 and I7: what a thief with the service's password would try, and an administrator; made for real, and taken back. */
export const nothingCanBeRewritten: Check = async (truths) => {
  const violations: Violation[] = [];
  for (const [service, table, column] of APPEND_ONLY) {
    for (const sql of [
      `UPDATE ${table} SET ${column} = ${column}`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table} CASCADE`,
    ]) {
      for (const who of ['service', 'administrator'] as const) {
        if (await truths.isRefused(service, sql, who)) continue;
        violations.push(violation('I1', 'unbalanced', `the ${who} of ${service} may: ${sql}`));
      }
    }
  }
  return violations;
};

/** I7: the chain verifies from its first record to its last. */
export const chainVerifies: Check = async ({ call, rows }) => {
  const [last] = await rows<{ sequence: number }>('audit', 'SELECT max(sequence)::int AS sequence FROM audit_seals');
  const end = last?.sequence ?? 0;
  for (let from = 1; from <= end;) {
    const { valid, verifiedUpTo, firstProblem } = await call(VerifyAuditChain, { query: { from: String(from) } });
    if (!valid || verifiedUpTo < from) {
      return [violation('I7', 'unbalanced', `the audit chain breaks at ${firstProblem?.sequence ?? from}`)];
    }
    from = verifiedUpTo + 1;
  }
  return [];
};

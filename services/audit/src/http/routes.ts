import { ListAuditRecords, VerifyAuditChain } from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';

import { type ListRecords, type VerifyChain } from '../application/index.ts';
import { fromApiCursor, fromApiFilter, toApiCursor, toApiRecord, toApiVerification } from './convert.ts';

export const auditRoutes = (useCases: {
  readonly listRecords: ListRecords;
  readonly verifyChain: VerifyChain;
}): readonly Route[] => [
  handle(ListAuditRecords, async ({ query }) => {
    const { records, next } = await useCases.listRecords({
      filter: fromApiFilter(query),
      limit: query.limit,
      after: query.after === undefined ? null : fromApiCursor(query.after),
    });
    return ok({ data: records.map(toApiRecord), nextCursor: next === null ? null : toApiCursor(next) });
  }),

  handle(VerifyAuditChain, async ({ query }) => ok(toApiVerification(await useCases.verifyChain(query.from ?? 1)))),
];

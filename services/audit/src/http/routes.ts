import { ExportAuditRecords, ListAuditRecords, VerifyAuditChain } from '@quittance/contracts';
import { file, handle, ok, type Route } from '@quittance/http';
import { type z } from 'zod';

import { type ExportRecords, type ListRecords, type VerifyChain } from '../application/index.ts';
import { type Place } from '../application/ports.ts';
import { fromApiCursor, fromApiFilter, toApiCursor, toApiRecord, toApiVerification } from './convert.ts';
import { exportFile } from './export-file.ts';

export const auditRoutes = (useCases: {
  readonly listRecords: ListRecords;
  readonly exportRecords: ExportRecords;
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

  handle(ExportAuditRecords, async ({ query }) => {
    const exported = await useCases.exportRecords({
      filter: fromApiFilter(query),
      limit: query.limit,
      after: query.after === undefined ? null : fromApiCursor(query.after),
      format: query.format,
    });
    const { text, mediaType, name } = exportFile(query.format, exported);
    return file(text, { mediaType, name, headers: linkToNext(query, exported.next) });
  }),

  handle(VerifyAuditChain, async ({ query }) => ok(toApiVerification(await useCases.verifyChain(query.from ?? 1)))),
];

/** The address of the next file: the same question, from where this one ends. */
const linkToNext = (query: z.output<typeof ExportAuditRecords.query>, next: Place | null): Record<string, string> => {
  if (next === null) return {};
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, after: toApiCursor(next) })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return { link: `<${ExportAuditRecords.path}?${parameters.toString()}>; rel="next"` };
};

import { GetInvoice, ListInvoices } from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';
import { type Principal } from '@quittance/kernel';

import { type Reader, type ReadInvoices } from '../application/index.ts';
import { toApiInvoice } from './convert.ts';

export const listInvoicesHandler = (read: ReadInvoices) =>
  handle(ListInvoices, async ({ query, principal }) => {
    const page = { limit: query.limit, after: query.after ?? null };
    const { items, nextCursor } = await read.list(readerOf(principal, query.account), query.status ?? null, page);
    return ok({ data: items.map(toApiInvoice), nextCursor });
  });

export const getInvoiceHandler = (read: ReadInvoices) =>
  handle(GetInvoice, async ({ params, principal }) => ok(toApiInvoice(await read.get(readerOf(principal), params.id))));

const readerOf = (principal: Principal, account?: string): Reader => ({
  scope: scopeOf(principal, account),
  sees: principal.kind === 'operator' ? 'everything' : 'numbered_only',
});

import { GetPayment, ListPayments } from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';

import { type ReadPayments } from '../application/index.ts';
import { toApiPayment } from './convert.ts';

export const listPaymentsHandler = (read: ReadPayments) =>
  handle(ListPayments, async ({ query, principal }) => {
    const page = { limit: query.limit, after: query.after ?? null };
    const { items, nextCursor } = await read.list(scopeOf(principal, query.account), query.invoice ?? null, page);
    return ok({ data: items.map(toApiPayment), nextCursor });
  });

export const getPaymentHandler = (read: ReadPayments) =>
  handle(GetPayment, async ({ params, principal }) => ok(toApiPayment(await read.get(scopeOf(principal), params.id))));

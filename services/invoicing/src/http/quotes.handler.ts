import { QuoteInvoice } from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';

import { type QuoteInvoice as QuoteUseCase } from '../application/index.ts';
import { fromApiLine, fromApiSoldCurrency } from '../from-api-invoice-parts.ts';
import { toApiDueNow } from './convert.ts';

export const quoteInvoiceHandler = (quote: QuoteUseCase) =>
  handle(QuoteInvoice, async ({ body, principal }) => {
    scopeOf(principal, body.accountId);
    const currency = fromApiSoldCurrency(body.currency);
    const lines = body.lines.map((line) => fromApiLine(line, currency));
    const nextLines = body.nextLines.map((line) => fromApiLine(line, currency));
    const { dueNow, nextCharge } = await quote({ ...body, currency, lines, nextLines });
    return ok({ dueNow: dueNow && toApiDueNow(dueNow), nextCharge: nextCharge && toApiDueNow(nextCharge) });
  });

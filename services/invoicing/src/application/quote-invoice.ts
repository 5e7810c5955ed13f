import { type AccountId, type Id, must } from '@quittance/kernel';
import { type Currency } from '@quittance/money';

import { type Invoice } from '../domain/invoice.ts';
import { type RequestedLine } from '../domain/price-lines.ts';
import { draftInvoices, type DraftingDeps } from './draft-invoices.ts';

export interface QuoteRequest {
  readonly accountId: AccountId;
  readonly productId: Id<'prd'>;
  readonly subscriptionId: Id<'sub'>;
  readonly country: string | null;
  readonly currency: Currency;
  readonly lines: readonly RequestedLine[];
}

export type QuoteInvoice = (request: QuoteRequest) => Promise<Pick<Invoice, 'lines' | 'totals'>>;

/** What would be billed now: the draft an order would be made of, and nothing of it is kept. */
export const makeQuoteInvoice =
  (deps: DraftingDeps): QuoteInvoice =>
  async ({ country, ...request }) => {
    const now = deps.clock.now();
    const [draft] = await draftInvoices(deps, [
      {
        ...request,
        kind: 'plan_change',
        checkoutId: null,
        changeId: null,
        period: { start: now, end: now },
        buyerCountry: country,
        collect: { kind: 'automatic' },
        correlationId: request.subscriptionId,
      },
    ]);
    return must(draft, 'a draft');
  };

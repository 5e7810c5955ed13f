import { type AccountId, type Id } from '@quittance/kernel';
import { type Currency } from '@quittance/money';

import { tooLittle } from '../domain/carry.ts';
import { type InvoiceRequest } from '../domain/decide-opening.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type RequestedLine } from '../domain/price-lines.ts';
import { type Draft, draftInvoiceOf, type DraftingDeps, gatherShared, placeOf } from './draft-invoices.ts';

interface Billed {
  readonly accountId: AccountId;
  readonly productId: Id<'prd'>;
  readonly subscriptionId: Id<'sub'>;
  readonly country: string | null;
  readonly currency: Currency;
}

export interface QuoteRequest extends Billed {
  /** Empty where nothing is billed now. */
  readonly lines: readonly RequestedLine[];
  /** Empty where nothing renews. */
  readonly nextLines: readonly RequestedLine[];
}

export interface Quoted extends Pick<Invoice, 'lines' | 'totals'> {
  /** It is too little to collect, and would be carried to the invoice after it. */
  readonly carried: boolean;
}

export interface Quote {
  readonly dueNow: Quoted | null;
  readonly nextCharge: Quoted | null;
}

export type QuoteInvoice = (request: QuoteRequest) => Promise<Quote>;

/**
 * What would be billed now and next: the drafts that orders would be made of, and nothing of them is kept. What the
 * first of the two leaves to be carried is offered to the second.
 */
export const makeQuoteInvoice =
  (deps: DraftingDeps): QuoteInvoice =>
  async ({ lines, nextLines, ...billed }) => {
    const shared = await gatherShared(deps, [billed.accountId]);
    const waiting = shared.carried.get(placeOf(billed)) ?? [];
    const draft = async (asked: readonly RequestedLine[], carried: readonly Invoice[]): Promise<Draft | null> =>
      asked.length === 0 ? null : draftInvoiceOf(deps, { request: requestOf(deps, billed, asked), carried }, shared);
    const now = await draft(lines, waiting);
    const next = await draft(nextLines, leftOf(waiting, now));
    return { dueNow: now && quotedOf(now), nextCharge: next && quotedOf(next) };
  };

const leftOf = (waiting: readonly Invoice[], now: Draft | null): readonly Invoice[] => {
  if (now === null) return waiting;
  const after = now.takesOver.length > 0 ? [] : waiting;
  return quotedOf(now).carried ? [...after, now.invoice] : after;
};

const quotedOf = ({ invoice: { lines, totals }, minimum }: Draft): Quoted => ({
  lines,
  totals,
  carried: tooLittle(totals.total, minimum),
});

const requestOf = (
  { clock }: Pick<DraftingDeps, 'clock'>,
  { country, ...billed }: Billed,
  lines: readonly RequestedLine[],
): InvoiceRequest => ({
  ...billed,
  lines,
  kind: 'plan_change',
  checkoutId: null,
  changeId: null,
  period: { start: clock.now(), end: clock.now() },
  buyerCountry: country,
  language: null,
  collect: { kind: 'automatic' },
  correlationId: billed.subscriptionId,
});

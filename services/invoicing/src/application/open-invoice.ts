import { must, type Write } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import { tooLittle } from '../domain/carry.ts';
import { decideCarrying, decideFree } from '../domain/decide-at-once.ts';
import {
  type CheckoutCollect,
  collectableNow,
  decideCollection,
  type InvoiceRequest,
  wasOpenedBefore,
} from '../domain/decide-opening.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type Draft, draftInvoices, type DraftingDeps, takeOver } from './draft-invoices.ts';
import {
  type InNumberingQueue,
  type InvoicingUnitOfWork,
  type Journal,
  type NumberSeriesStore,
  type Orders,
} from './ports.ts';
import { readNumbering, sellerOfInvoice } from './read-numbering.ts';

interface Deps extends DraftingDeps {
  readonly orders: Orders;
  readonly journal: Journal;
  readonly numberSeries: NumberSeriesStore;
  readonly inNumberingQueue: InNumberingQueue;
  readonly unitOfWork: InvoicingUnitOfWork;
}

/** A request whose customer pays on a page. */
export type CheckoutRequest = InvoiceRequest & { readonly collect: CheckoutCollect };

export type OpenInvoice = (request: CheckoutRequest) => Promise<void>;

/**
 * Stores the draft and asks the rail for an order, once per purpose. A draft of nothing is issued and paid at once, one
 * of too little is issued and carried.
 */
export const makeOpenInvoice =
  (deps: Deps): OpenInvoice =>
  async (request) => {
    const collect = collectableNow(request.collect);
    const samePurpose = await deps.invoices.findForPurpose({ account: request.accountId }, request);
    if (wasOpenedBefore(samePurpose, request)) return;
    const [drafted] = await draftInvoices(deps, [request]);
    const draft = must(drafted, 'the draft of one request');
    const { minimum } = draft;
    const { total } = draft.invoice.totals;
    if (isZero(total)) return settleAtOnce(deps, draft, { request, decide: decideFree });
    if (!tooLittle(total, minimum)) return collectDraft(deps, draft, { request, collect });
    const entryIds = { issue: deps.newId('jen'), carry: deps.newId('jen') };
    return settleAtOnce(deps, draft, {
      request,
      decide: (invoice, numbering) => decideCarrying({ draft: invoice, numbering, entryIds, minimum }),
    });
  };

const collectDraft = (
  deps: Deps,
  draft: Draft,
  { request, collect }: { readonly request: InvoiceRequest; readonly collect: CheckoutCollect },
): Promise<void> => {
  const { invoice } = draft;
  const { order, messages, audit } = decideCollection(invoice, deps.newId('ord'), collect);
  return deps.unitOfWork.commit({
    writes: [...draftWrites(deps, request, { draft, stored: invoice }), deps.orders.insert([order])],
    messages,
    audit,
    correlationId: invoice.correlationId,
  });
};

const draftWrites = (
  deps: Deps,
  request: InvoiceRequest,
  { draft, stored }: { readonly draft: Draft; readonly stored: Invoice },
): readonly Write[] => [
  ...rememberBuyer(deps, request, stored),
  deps.invoices.insert([stored]),
  ...takeOver(deps, draft),
];

/** Only what the buyer said themselves: an assumed country must not look like knowledge next time. */
const rememberBuyer = (deps: Deps, request: InvoiceRequest, draft: Invoice): readonly Write[] => {
  const { accountId, buyerCountry: country, currency, language } = request;
  if (country === null) return [];
  const at = draft.createdAt;
  return [deps.billingProfiles.begin({ accountId, country, currency, language, at, version: draft.version })];
};

const settleAtOnce = async (
  deps: Deps,
  draft: Draft,
  { request, decide }: { readonly request: InvoiceRequest; readonly decide: typeof decideFree },
): Promise<void> => {
  const seller = await sellerOfInvoice(deps, draft.invoice);
  await deps.inNumberingQueue(async () => {
    const numbering = await readNumbering(deps, draft.invoice, seller);
    const { invoice, journal, messages, audit } = decide(draft.invoice, numbering);
    await deps.unitOfWork.commit({
      writes: [
        ...draftWrites(deps, request, { draft, stored: invoice }),
        deps.numberSeries.take(numbering.series, 1),
        deps.journal.append(journal),
      ],
      messages,
      audit,
      correlationId: invoice.correlationId,
    });
  });
};

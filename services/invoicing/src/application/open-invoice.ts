import { type Write } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import {
  type CheckoutCollect,
  collectableNow,
  decideCollection,
  decideFree,
  type InvoiceRequest,
  wasOpenedBefore,
} from '../domain/decide-opening.ts';
import { type Invoice } from '../domain/invoice.ts';
import { draftInvoices, type DraftingDeps } from './draft-invoices.ts';
import {
  type InNumberingQueue,
  type Invoices,
  type InvoicingUnitOfWork,
  type NumberSeriesStore,
  type Orders,
} from './ports.ts';
import { readNumbering, sellerOfInvoice } from './read-numbering.ts';

interface Deps extends DraftingDeps {
  readonly invoices: Invoices;
  readonly orders: Orders;
  readonly numberSeries: NumberSeriesStore;
  readonly inNumberingQueue: InNumberingQueue;
  readonly unitOfWork: InvoicingUnitOfWork;
}

/** A request whose customer pays on a page. */
export type CheckoutRequest = InvoiceRequest & { readonly collect: CheckoutCollect };

export type OpenInvoice = (request: CheckoutRequest) => Promise<void>;

/** Stores the draft and asks the rail for an order, once per purpose; a draft of nothing is issued and paid at once. */
export const makeOpenInvoice =
  (deps: Deps): OpenInvoice =>
  async (request) => {
    const collect = collectableNow(request.collect);
    const samePurpose = await deps.invoices.findForPurpose({ account: request.accountId }, request);
    if (wasOpenedBefore(samePurpose, request)) return;
    for (const draft of await draftInvoices(deps, [request])) {
      await (isZero(draft.totals.total) ? settleFree(deps, draft) : collectDraft(deps, draft, { request, collect }));
    }
  };

const collectDraft = (
  deps: Deps,
  draft: Invoice,
  { request, collect }: { readonly request: InvoiceRequest; readonly collect: CheckoutCollect },
): Promise<void> => {
  const { order, messages, audit } = decideCollection(draft, deps.newId('ord'), collect);
  return deps.unitOfWork.commit({
    writes: [...rememberBuyer(deps, request, draft), deps.invoices.insert([draft]), deps.orders.insert([order])],
    messages,
    audit,
    correlationId: draft.correlationId,
  });
};

/** Only what the buyer said themselves: an assumed country must not look like knowledge next time. */
const rememberBuyer = (deps: Deps, request: InvoiceRequest, draft: Invoice): readonly Write[] => {
  const { accountId, buyerCountry: country, currency } = request;
  if (country === null) return [];
  return [deps.billingProfiles.begin({ accountId, country, currency, at: draft.createdAt, version: draft.version })];
};

const settleFree = async (deps: Deps, draft: Invoice): Promise<void> => {
  const seller = await sellerOfInvoice(deps, draft);
  await deps.inNumberingQueue(async () => {
    const numbering = await readNumbering(deps, draft, seller);
    const { invoice, messages, audit } = decideFree(draft, numbering);
    const writes: readonly Write[] = [deps.invoices.insert([invoice]), deps.numberSeries.take(numbering.series, 1)];
    await deps.unitOfWork.commit({ writes, messages, audit, correlationId: invoice.correlationId });
  });
};

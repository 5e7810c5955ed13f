import { type NewId, type Write } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import {
  collectableNow,
  decideCollection,
  decideFree,
  draftInvoice,
  type InvoiceRequest,
  wasOpenedBefore,
} from '../domain/decide-opening.ts';
import { decideTax, taxCountryOf } from '../domain/decide-tax.ts';
import { type Invoice } from '../domain/invoice.ts';
import {
  type BillingProfiles,
  type CheckVatId,
  type InNumberingQueue,
  type Invoices,
  type InvoicingUnitOfWork,
  type Orders,
  type TaxRates,
} from './ports.ts';
import { type NumberingDeps, readNumbering, sellerOfInvoice } from './read-numbering.ts';

interface Deps extends NumberingDeps {
  readonly invoices: Invoices;
  readonly orders: Orders;
  readonly billingProfiles: BillingProfiles;
  readonly taxRates: TaxRates;
  readonly checkVatId: CheckVatId;
  readonly inNumberingQueue: InNumberingQueue;
  readonly unitOfWork: InvoicingUnitOfWork;
  readonly newId: NewId;
}

export type OpenInvoice = (request: InvoiceRequest) => Promise<void>;

/** Stores the draft and asks the rail for an order, once per purpose; a draft of nothing is issued and paid at once. */
export const makeOpenInvoice =
  (deps: Deps): OpenInvoice =>
  async (request) => {
    const collect = collectableNow(request);
    const samePurpose = await deps.invoices.findForPurpose({ account: request.accountId }, request);
    if (wasOpenedBefore(samePurpose, request)) return;
    const draft = await makeDraft(deps, request);
    if (isZero(draft.totals.total)) return settleFree(deps, draft);
    const { order, messages, audit } = decideCollection(draft, deps.newId('ord'), collect);
    return deps.unitOfWork.commit({
      writes: [...rememberBuyer(deps, request, draft), deps.invoices.insert(draft), deps.orders.insert(order)],
      messages,
      audit,
      correlationId: draft.correlationId,
    });
  };

const makeDraft = async (deps: Deps, request: InvoiceRequest): Promise<Invoice> => {
  const now = deps.clock.now();
  const [seller, profile] = await Promise.all([deps.sellers.current(), deps.billingProfiles.find(request.accountId)]);
  const taxBuyer = {
    country: request.buyerCountry ?? profile?.country ?? null,
    vatId: profile?.vatId ? deps.checkVatId(profile.vatId) : null,
  };
  const country = taxCountryOf(seller, taxBuyer);
  const tax = decideTax(seller, taxBuyer, await deps.taxRates.standardRatePpm(country, now));
  const buyer = {
    name: profile?.name ?? null,
    address: profile?.address ?? null,
    country,
    taxId: profile?.vatId ?? null,
  };
  return draftInvoice({ request, seller, buyer, tax, id: deps.newId('inv'), now, version: deps.nextVersion(0) });
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
    const writes: readonly Write[] = [deps.invoices.insert(invoice), deps.numberSeries.take(numbering.series)];
    await deps.unitOfWork.commit({ writes, messages, audit, correlationId: invoice.correlationId });
  });
};

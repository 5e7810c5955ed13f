import { type AccountId, type Clock, type NewId } from '@quittance/kernel';

import { draftInvoice, type InvoiceRequest } from '../domain/decide-opening.ts';
import { decideTax, taxCountryOf } from '../domain/decide-tax.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type Seller } from '../domain/seller.ts';
import {
  type BillingProfile,
  type BillingProfiles,
  type CheckVatId,
  type NextVersion,
  type Sellers,
  type TaxRates,
} from './ports.ts';

export interface DraftingDeps {
  readonly sellers: Sellers;
  readonly billingProfiles: BillingProfiles;
  readonly taxRates: TaxRates;
  readonly checkVatId: CheckVatId;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
  readonly newId: NewId;
}

/** Drafts with their tax, in the order of the requests; what they share is read once. */
export const draftInvoices = async (
  deps: DraftingDeps,
  requests: readonly InvoiceRequest[],
): Promise<readonly Invoice[]> => {
  const accounts = [...new Set(requests.map(({ accountId }) => accountId))];
  const [seller, profiles] = await Promise.all([deps.sellers.current(), deps.billingProfiles.findAll(accounts)]);
  const shared = { seller, profiles, rateOf: makeRateOf(deps, deps.clock.now()) };
  return Promise.all(requests.map((request) => draftOne(deps, request, shared)));
};

interface Shared {
  readonly seller: Seller;
  readonly profiles: ReadonlyMap<AccountId, BillingProfile>;
  readonly rateOf: (country: string) => Promise<number | null>;
}

const draftOne = async (
  deps: DraftingDeps,
  request: InvoiceRequest,
  { seller, profiles, rateOf }: Shared,
): Promise<Invoice> => {
  const profile = profiles.get(request.accountId) ?? null;
  const taxBuyer = {
    country: request.buyerCountry ?? profile?.country ?? null,
    vatId: profile?.vatId ? deps.checkVatId(profile.vatId) : null,
  };
  const country = taxCountryOf(seller, taxBuyer);
  const tax = decideTax(seller, taxBuyer, await rateOf(country));
  const buyer = {
    name: profile?.name ?? null,
    address: profile?.address ?? null,
    country,
    taxId: profile?.vatId ?? null,
  };
  const now = deps.clock.now();
  return draftInvoice({ request, seller, buyer, tax, id: deps.newId('inv'), now, version: deps.nextVersion(0) });
};

/** A country's rate of that day is asked for once per batch. */
const makeRateOf = ({ taxRates }: DraftingDeps, at: Date): Shared['rateOf'] => {
  const known = new Map<string, Promise<number | null>>();
  return (country) => {
    const asked = known.get(country) ?? taxRates.standardRatePpm(country, at);
    known.set(country, asked);
    return asked;
  };
};

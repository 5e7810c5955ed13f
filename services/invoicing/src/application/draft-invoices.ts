import { type AccountId, type Clock, type NewId, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { joinCarried } from '../domain/carry.ts';
import { draftInvoice, type InvoiceRequest, railOf } from '../domain/decide-opening.ts';
import { decideTax, taxCountryOf } from '../domain/decide-tax.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type Seller } from '../domain/seller.ts';
import {
  type BillingProfile,
  type BillingProfiles,
  type CheckVatId,
  type Invoices,
  type MinimumOf,
  type NextVersion,
  type Sellers,
  type TaxRates,
} from './ports.ts';

export interface DraftingDeps {
  readonly invoices: Invoices;
  readonly sellers: Sellers;
  readonly billingProfiles: BillingProfiles;
  readonly taxRates: TaxRates;
  readonly checkVatId: CheckVatId;
  readonly minimumOf: MinimumOf;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
  readonly newId: NewId;
}

export interface Draft {
  readonly invoice: Invoice;
  /** The carried invoices whose amounts are lines of it, as they are until it is stored. */
  readonly takesOver: readonly Invoice[];
  /** What the rail it would be collected on takes at least. */
  readonly minimum: Money | null;
}

/**
 * Drafts with their tax and what their accounts carry, in the order of the requests; what they share is read once. Of
 * several for one account and currency only the first is offered what is carried.
 */
export const draftInvoices = async (
  deps: DraftingDeps,
  requests: readonly InvoiceRequest[],
): Promise<readonly Draft[]> => {
  const shared = await gatherShared(deps, [...new Set(requests.map(({ accountId }) => accountId))]);
  const offered = new Map(shared.carried);
  return Promise.all(
    requests.map((request) => {
      const carried = offered.get(placeOf(request)) ?? [];
      offered.delete(placeOf(request));
      return draftInvoiceOf(deps, { request, carried }, shared);
    }),
  );
};

/** What drafts are made of, beside their requests. */
export interface Shared {
  readonly seller: Seller;
  readonly profiles: ReadonlyMap<AccountId, BillingProfile>;
  readonly rateOf: (country: string) => Promise<number | null>;
  /** By `placeOf`. */
  readonly carried: ReadonlyMap<string, readonly Invoice[]>;
}

export const gatherShared = async (deps: DraftingDeps, accounts: readonly AccountId[]): Promise<Shared> => {
  const [seller, profiles, carried] = await Promise.all([
    deps.sellers.current(),
    deps.billingProfiles.findAll(accounts),
    deps.invoices.findCarried(accounts),
  ]);
  return { seller, profiles, rateOf: makeRateOf(deps, deps.clock.now()), carried: Map.groupBy(carried, placeOf) };
};

/** The store has the carried invoices taken over by this draft; whoever took one first fails the commit. */
export const takeOver = (
  { invoices, nextVersion }: Pick<DraftingDeps, 'invoices' | 'nextVersion'>,
  { invoice, takesOver }: Draft,
): readonly Write[] =>
  takesOver.map((one) =>
    invoices.update({ ...one, carriedTo: invoice.id, version: nextVersion(one.version) }, one.version),
  );

/** An account pays in several currencies; what it carries waits in each. */
export const placeOf = ({ accountId, currency }: Pick<Invoice, 'accountId' | 'currency'>): string =>
  `${accountId} ${currency}`;

export const draftInvoiceOf = async (
  deps: DraftingDeps,
  { request, carried }: { readonly request: InvoiceRequest; readonly carried: readonly Invoice[] },
  { seller, profiles, rateOf }: Shared,
): Promise<Draft> => {
  const profile = profiles.get(request.accountId) ?? null;
  const taxBuyer = {
    country: request.buyerCountry ?? profile?.country ?? null,
    vatId: profile?.vatId ? deps.checkVatId(profile.vatId) : null,
  };
  const country = taxCountryOf(seller, taxBuyer);
  const language = request.language ?? profile?.language ?? DEFAULT_LANGUAGE;
  const tax = decideTax(seller, taxBuyer, { ratePpm: await rateOf(country), language });
  const buyer = {
    name: profile?.name ?? null,
    address: profile?.address ?? null,
    // Where they are, which is not always where they are taxed: Monaco is taxed as France.
    country: taxBuyer.country ?? country,
    taxId: profile?.vatId ?? null,
  };
  const made = { id: deps.newId('inv'), now: deps.clock.now(), version: deps.nextVersion(0) };
  const draft = draftInvoice({ request, seller, buyer, tax, ...made });
  const minimum = deps.minimumOf(railOf(request.collect), request.currency);
  return { ...joinCarried(draft, { carried, minimum, language }), minimum };
};

const DEFAULT_LANGUAGE = 'en';

/** A country's rate of that day is asked for once per batch. */
const makeRateOf = ({ taxRates }: DraftingDeps, at: Date): Shared['rateOf'] => {
  const known = new Map<string, Promise<number | null>>();
  return (country) => {
    const asked = known.get(country) ?? taxRates.standardRatePpm(country, at);
    known.set(country, asked);
    return asked;
  };
};

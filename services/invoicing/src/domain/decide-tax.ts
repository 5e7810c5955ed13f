import { invoicingFail } from './errors.ts';
import { EU_MEMBER_STATES } from './eu-member-states.ts';
import { type Seller } from './seller.ts';

/** What checking a buyer's VAT id found. */
export interface VatIdCheck {
  readonly vatId: string;
  /** ISO 3166-1; null when no country writes ids like this. */
  readonly country: string | null;
  readonly valid: boolean;
}

export interface TaxBuyer {
  /** What the buyer said, else their billing profile; null when neither knows. */
  readonly country: string | null;
  readonly vatId: VatIdCheck | null;
}

export interface TaxDecision {
  readonly treatment: 'charged' | 'reverse_charge' | 'not_registered';
  /** Where the sale is taxed. */
  readonly country: string;
  /** Parts per million: 200000 is 20 %. */
  readonly ratePpm: number;
  /** For people and auditors, as it stands on the invoice. */
  readonly reason: string;
}

type TaxSeller = Pick<Seller, 'country' | 'registrations'>;

/** The place of supply of an electronic service: where the buyer is; the seller’s own country where nobody knows. */
export const taxCountryOf = (seller: TaxSeller, { country, vatId }: TaxBuyer): string => {
  if (country !== null) return taxedAs(country);
  const established = vatId?.valid && vatId.country !== null && EU_MEMBER_STATES.has(vatId.country);
  return established ? vatId.country : seller.country;
};

/**
 * Countries of their own that are another's for VAT: Monaco by article 7 of Directive 2006/112/EC, the Isle of Man by
 * the Isle of Man Act 1979 of the United Kingdom.
 */
const TAXED_AS: ReadonlyMap<string, string> = new Map([
  ['MC', 'FR'],
  ['IM', 'GB'],
]);

const taxedAs = (country: string): string => TAXED_AS.get(country) ?? country;

/**
 * Whether tax is charged, at which rate, and why. `ratePpm` is the standard rate of `taxCountryOf` on the day of sale,
 * null where the source of rates does not know the country.
 * @throws DomainError `invoicing.tax_rate_unknown`: where tax is owed, a missing rate is never taken for zero.
 */
export const decideTax = (seller: TaxSeller, buyer: TaxBuyer, ratePpm: number | null): TaxDecision => {
  const country = taxCountryOf(seller, buyer);
  const remark = remarkOn(buyer, country);
  const reverse = reverseCharge(seller, buyer, country);
  if (reverse !== null) return { treatment: 'reverse_charge', country, ratePpm: 0, reason: reverse };
  const ground = groundForCharging(seller, country);
  if (ground === null) {
    const reason = `No tax: the seller is not registered in ${country}.`;
    return { treatment: 'not_registered', country, ratePpm: 0, reason };
  }
  if (ratePpm === null) {
    throw invoicingFail('invoicing.tax_rate_unknown', `No standard tax rate is known for ${country}, and ${ground}.`);
  }
  const assumed = buyer.country === null && country === seller.country ? ' The buyer’s country is not known.' : '';
  const reason = `Standard rate of ${country}, ${percent(ratePpm)}: ${ground}.${assumed}${remark}`;
  return { treatment: 'charged', country, ratePpm, reason };
};

/** A business of another member state accounts for the tax itself; its id must be of the country it says it is in. */
const reverseCharge = (seller: TaxSeller, { vatId }: TaxBuyer, country: string): string | null => {
  if (!vatId?.valid || vatId.country !== country) return null;
  if (!EU_MEMBER_STATES.has(seller.country) || !EU_MEMBER_STATES.has(country) || country === seller.country)
    return null;
  return `Reverse charge: VAT id ${vatId.vatId} is of another EU member state (${country}) than the seller’s (${seller.country}).`;
};

const groundForCharging = ({ registrations }: TaxSeller, country: string): string | null => {
  if (registrations.some((one) => one.kind === 'country' && one.country === country)) {
    return `the seller is registered in ${country}`;
  }
  if (EU_MEMBER_STATES.has(country) && registrations.some((one) => one.kind === 'eu_oss')) {
    return 'the seller is registered in the EU one-stop shop';
  }
  return null;
};

const remarkOn = ({ country: said, vatId }: TaxBuyer, country: string): string => {
  const place = said === null || said === country ? '' : ` ${said} is ${country} for tax.`;
  if (vatId === null) return place;
  if (!vatId.valid) return `${place} VAT id ${vatId.vatId} is not valid.`;
  return vatId.country === country ? place : `${place} VAT id ${vatId.vatId} is not of ${country}.`;
};

const percent = (ratePpm: number): string => `${ratePpm / 10_000} %`;

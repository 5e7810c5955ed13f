import { invoicingFail } from './errors.ts';
import { EU_MEMBER_STATES } from './eu-member-states.ts';
import { type InvoiceWords, invoiceWords } from './invoice-words.ts';
import { type Registration, type Seller } from './seller.ts';

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

/** What is known of the place of supply, and what the answer is written in. */
export interface TaxTerms {
  /** The standard rate of `taxCountryOf` on the day of sale; null where the source of rates does not know the country. */
  readonly ratePpm: number | null;
  readonly language: string;
}

/**
 * Whether tax is charged, at which rate, and why.
 * @throws DomainError `invoicing.tax_rate_unknown`: where tax is owed, a missing rate is never taken for zero.
 */
export const decideTax = (seller: TaxSeller, buyer: TaxBuyer, { ratePpm, language }: TaxTerms): TaxDecision => {
  const words = invoiceWords(language);
  const country = taxCountryOf(seller, buyer);
  const reversed = reverseCharged(seller, buyer, country);
  if (reversed !== null) {
    const reason = words.reverseCharge(reversed.vatId, country, seller.country);
    return { treatment: 'reverse_charge', country, ratePpm: 0, reason };
  }
  const ground = groundForCharging(seller, country);
  if (ground === null) {
    return { treatment: 'not_registered', country, ratePpm: 0, reason: words.notRegistered(country) };
  }
  if (ratePpm === null) {
    throw invoicingFail(
      'invoicing.tax_rate_unknown',
      `No standard tax rate is known for ${country}, where tax is owed.`,
    );
  }
  const assumed = buyer.country === null && country === seller.country ? words.countryNotKnown : '';
  const rate = words.standardRate(country, percent(ratePpm, words), groundIn(words, ground, country));
  const reason = `${rate}${assumed}${remarkOn(buyer, country, words)}`;
  return { treatment: 'charged', country, ratePpm, reason };
};

/** A business of another member state accounts for the tax itself; its id must be of the country it says it is in. */
const reverseCharged = (seller: TaxSeller, { vatId }: TaxBuyer, country: string): VatIdCheck | null => {
  if (!vatId?.valid || vatId.country !== country) return null;
  if (!EU_MEMBER_STATES.has(seller.country) || !EU_MEMBER_STATES.has(country) || country === seller.country)
    return null;
  return vatId;
};

const groundForCharging = ({ registrations }: TaxSeller, country: string): Registration['kind'] | null => {
  if (registrations.some((one) => one.kind === 'country' && one.country === country)) {
    return 'country';
  }
  if (EU_MEMBER_STATES.has(country) && registrations.some((one) => one.kind === 'eu_oss')) {
    return 'eu_oss';
  }
  return null;
};

const groundIn = (words: InvoiceWords, ground: Registration['kind'], country: string): string =>
  ground === 'eu_oss' ? words.registeredForOss : words.registeredIn(country);

const remarkOn = ({ country: said, vatId }: TaxBuyer, country: string, words: InvoiceWords): string => {
  const place = said === null || said === country ? '' : words.taxedAs(said, country);
  if (vatId === null) return place;
  if (!vatId.valid) return `${place}${words.vatIdNotValid(vatId.vatId)}`;
  return vatId.country === country ? place : `${place}${words.vatIdElsewhere(vatId.vatId, country)}`;
};

/** 5.5 in English, 5,5 in French. */
const percent = (ratePpm: number, { locale }: InvoiceWords): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(ratePpm / 10_000);

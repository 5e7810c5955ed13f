/** Where the seller has to charge tax: one country, or the Union one-stop shop for consumers in all of the EU. */
export type Registration = { readonly kind: 'country'; readonly country: string } | { readonly kind: 'eu_oss' };

/** The legal entity that sells. Invoices keep a copy of how it was when they were made. */
export interface Seller {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly taxId: string | null;
  /** IANA name: decides the year an invoice is numbered in. */
  readonly timeZone: string;
  readonly numberPrefix: string;
  readonly registrations: readonly Registration[];
}

const EU_OSS = 'EU-OSS';

/** `FR` or `EU-OSS`, as configuration and rows write it; null for anything else. */
export const parseRegistration = (text: string): Registration | null => {
  if (text === EU_OSS) return { kind: 'eu_oss' };
  return /^[A-Z]{2}$/.test(text) ? { kind: 'country', country: text } : null;
};

export const formatRegistration = (registration: Registration): string =>
  registration.kind === 'eu_oss' ? EU_OSS : registration.country;

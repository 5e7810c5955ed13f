import { serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

import { parseRegistration, type Registration, type Seller } from './domain/seller.ts';

/** An invented company, so that the sandbox has somebody to sell; production refuses it. */
const DEMO_NAME = 'Quittance Demo SAS';

export const invoicingConfig = z
  .object({
    ...serviceConfig,
    SELLER_ID: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and dashes')
      .default('demo')
      .describe('Our own name for the legal entity that sells; each has its own invoice numbers.'),
    SELLER_NAME: z.string().max(200).default(DEMO_NAME).describe('Legal name on invoices. Production must set it.'),
    SELLER_ADDRESS: z
      .string()
      .max(500)
      .default('1 rue de l’Exemple, 75000 Paris, France')
      .describe('Registered address on invoices.'),
    SELLER_COUNTRY: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code like FR')
      .default('FR')
      .describe('Country the seller is established in.'),
    SELLER_TAX_ID: z.string().max(40).default('FR11123456782').describe('VAT id on invoices.'),
    SELLER_REGISTRATIONS: z
      .string()
      .default('FR,EU-OSS')
      .transform(fromList)
      .describe('Where tax is charged at all: country codes, and EU-OSS for the Union one-stop shop. Comma list.'),
    SELLER_TIME_ZONE: z
      .string()
      .refine(isTimeZone, { error: 'must be an IANA time zone like Europe/Paris' })
      .default('Europe/Paris')
      .describe('Decides the year an invoice is numbered in.'),
    SELLER_NUMBER_PREFIX: z
      .string()
      .regex(/^[A-Z0-9]{1,10}$/, 'must be 1 to 10 capitals or digits')
      .default('QT')
      .describe('Invoice numbers begin with it: QT-2026-000001.'),
  })
  .refine((config) => config.QUITTANCE_MODE !== 'production' || config.SELLER_NAME !== DEMO_NAME, {
    path: ['SELLER_NAME'],
    error: 'the demo company sells nothing in production mode',
  });

export type InvoicingConfig = z.output<typeof invoicingConfig>;

export const sellerOf = (config: InvoicingConfig): Seller => ({
  id: config.SELLER_ID,
  name: config.SELLER_NAME,
  address: config.SELLER_ADDRESS,
  country: config.SELLER_COUNTRY,
  taxId: config.SELLER_TAX_ID,
  timeZone: config.SELLER_TIME_ZONE,
  numberPrefix: config.SELLER_NUMBER_PREFIX,
  registrations: config.SELLER_REGISTRATIONS,
});

function fromList(value: string, context: z.RefinementCtx): readonly Registration[] {
  return value.split(',').flatMap((text) => {
    const registration = parseRegistration(text.trim());
    if (registration !== null) return [registration];
    context.addIssue({ code: 'custom', message: `${text} is neither a country code nor EU-OSS` });
    return [];
  });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

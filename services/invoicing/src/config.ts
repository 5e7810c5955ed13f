import { isCountry } from '@quittance/kernel';
import { serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

import { type MinimumOf } from './application/index.ts';
import { parseMinimums, type StatedMinimums } from './domain/minimums.ts';
import { parseRegistration, type Registration, type Seller } from './domain/seller.ts';

/** An invented company, so that the sandbox has somebody to sell; production refuses it. */
const DEMO_NAME = 'Quittance Demo SAS';

/**
 * Stripe's minimum charge amounts: docs.stripe.com/currencies, "Minimum and maximum charge amounts", which states USD,
 * EUR and GBP. For the other currencies sold in it asks for the worth of its minimum in the currency of the payout:
 * here that of 0.50 EUR or USD, rounded up so far that a rate may move by a quarter. 350 XOF is 0.53 EUR, at its fixed rate.
 */
const STRIPE_MINIMUMS = 'USD 0.50, EUR 0.50, GBP 0.30, CNY 4.50, NGN 1000, GHS 10, KES 85, ZAR 12, XOF 350';

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
      .refine(isCountry, { error: 'must be a country of ISO 3166-1 like FR' })
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
    CARD_MINIMUMS: z
      .string()
      .default(STRIPE_MINIMUMS)
      .transform(fromMinimums)
      .describe(
        'What the card rail collects at least, by currency; less is carried to the next invoice. A currency that is left out has no minimum. Comma list.',
      ),
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

export const minimumsOf =
  ({ CARD_MINIMUMS }: InvoicingConfig): MinimumOf =>
  (rail, currency) =>
    rail === 'card' ? (CARD_MINIMUMS.get(currency) ?? null) : null;

function fromMinimums(value: string, context: z.RefinementCtx): StatedMinimums {
  const minimums = parseMinimums(value);
  if (minimums !== null) return minimums;
  context.addIssue({ code: 'custom', message: `${value} is not a list like USD 0.50, EUR 0.50` });
  return new Map();
}

function fromList(value: string, context: z.RefinementCtx): readonly Registration[] {
  return value.split(',').flatMap((text) => {
    const registration = parseRegistration(text.trim());
    if (registration !== null && isPlace(registration)) return [registration];
    context.addIssue({ code: 'custom', message: `${text} is neither a country code nor EU-OSS` });
    return [];
  });
}

function isPlace(registration: Registration): boolean {
  return registration.kind === 'eu_oss' || isCountry(registration.country);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

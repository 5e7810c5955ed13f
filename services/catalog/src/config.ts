import { type Currency, isSupportedCurrency, SUPPORTED_CURRENCIES } from '@quittance/money';
import { serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

const currencyList = (value: string, context: z.RefinementCtx): readonly Currency[] => {
  const codes = value.split(',');
  const known = codes.filter(isSupportedCurrency);
  if (known.length === codes.length) return known;
  context.addIssue({ code: 'custom', message: `must be codes out of ${SUPPORTED_CURRENCIES.join(', ')}` });
  return z.NEVER;
};

export const catalogConfig = z.object({
  ...serviceConfig,
  CATALOG_LANGUAGES: z
    .string()
    .regex(/^[a-z]{2,3}(,[a-z]{2,3})*$/, 'must be language codes separated by commas')
    .default('en,fr,ar')
    .transform((value): readonly string[] => value.split(','))
    .describe('Languages every plan must be described in before it can be published; the first is the fallback.'),
  CATALOG_CURRENCIES: z
    .string()
    .default(SUPPORTED_CURRENCIES.join(','))
    .transform(currencyList)
    .describe('Currencies prices are shown in; the first is what others are converted from.'),
});
export type CatalogConfig = z.output<typeof catalogConfig>;

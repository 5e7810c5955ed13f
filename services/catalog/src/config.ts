import { type Currency, isSupportedCurrency, SUPPORTED_CURRENCIES } from '@quittance/money';
import { serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

const currencyList = (value: string, context: z.RefinementCtx): readonly Currency[] => {
  const codes = value === '' ? [] : value.split(',');
  const known = codes.filter(isSupportedCurrency);
  if (known.length === codes.length) return eachOnce(known, context);
  context.addIssue({ code: 'custom', message: `must be codes out of ${SUPPORTED_CURRENCIES.join(', ')}` });
  return z.NEVER;
};

/** A currency named twice would be converted into twice, and a language be missing twice. */
const eachOnce = <Code extends string>(codes: readonly Code[], context: z.RefinementCtx): readonly Code[] => {
  if (new Set(codes).size < codes.length) context.addIssue({ code: 'custom', message: 'must name each once' });
  return codes;
};

export const catalogConfig = z.object({
  ...serviceConfig,
  CATALOG_LANGUAGES: z
    .string()
    .regex(/^[a-z]{2,3}(,[a-z]{2,3})*$/, 'must be language codes separated by commas')
    .default('en,fr,ar')
    .transform((value, context): readonly string[] => eachOnce(value.split(','), context))
    .describe('Languages every plan must be described in before it can be published; the first is the fallback.'),
  CATALOG_CURRENCIES: z
    .string()
    .min(1)
    .default(SUPPORTED_CURRENCIES.join(','))
    .transform(currencyList)
    .describe('Currencies prices are shown in; the first is what others are converted from.'),
  CATALOG_TAX_INCLUSIVE_CURRENCIES: z
    .string()
    .default('EUR,GBP')
    .transform(currencyList)
    .describe('Currencies whose converted prices have the tax in them; in the others it comes on top. May be empty.'),
});
export type CatalogConfig = z.output<typeof catalogConfig>;

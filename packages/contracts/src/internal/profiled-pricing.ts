import { httpContract } from '../http-contract.ts';
import { GetAccountPricing, pricingQuery } from '../public/catalog.ts';
import { CountryCode, CurrencyCode, LanguageTag } from '../shapes.ts';

/** `GetAccountPricing` with what the account's billing profile says beside what was asked. Not reachable from outside. */
export const GetProfiledPricing = httpContract({
  ...GetAccountPricing,
  name: 'GetProfiledPricing',
  path: '/internal/accounts/:id/pricing',
  summary: 'What this account may buy, as its billing profile has it.',
  query: pricingQuery.extend({
    profileCountry: CountryCode.optional(),
    profileCurrency: CurrencyCode.optional(),
    profileLanguage: LanguageTag.optional(),
  }),
});

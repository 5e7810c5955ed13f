import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAccountId, CountryCode, CurrencyCode, LanguageTag } from '../shapes.ts';

/** What of a billing profile decides which prices its account is shown, and in what language. Not reachable from outside. */
export const GetPricingProfile = httpContract({
  name: 'GetPricingProfile',
  service: 'invoicing',
  method: 'GET',
  path: '/internal/accounts/:id/pricing-profile',
  summary: 'Country, currency and language an account is billed in; null where nobody said yet.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: ApiAccountId }),
  answer: z.strictObject({
    country: CountryCode.nullable(),
    currency: CurrencyCode.nullable(),
    language: LanguageTag.nullable().optional().describe('Not said by the release before.'),
  }),
});

import { createHash } from 'node:crypto';

import { type GetAccountPricing, GetPricing, type GetProfiledPricing } from '@quittance/contracts';
import { handle, ok, type Route, scopeOf } from '@quittance/http';
import { type AccountId } from '@quittance/kernel';
import Negotiator from 'negotiator';

import { type PricingQuestion, type ReadPricing } from '../application/index.ts';
import { toApiPricing } from './convert-pricing.ts';

/** Kept, and asked about every time: an old price is on no page a second after it changed, and asking costs a 304. */
const CACHE_CONTROL = 'public, no-cache';

interface Asked {
  readonly lang?: string | undefined;
  readonly currency?: string | undefined;
  readonly country?: string | undefined;
  readonly product?: string | undefined;
  readonly profileCountry?: string | undefined;
  readonly profileCurrency?: string | undefined;
  readonly profileLanguage?: string | undefined;
}

const toQuestion = (
  { profileCountry, profileCurrency, profileLanguage, ...query }: Asked,
  acceptLanguage: string | null,
  accountId: AccountId | null,
): PricingQuestion => ({
  language: query.lang ?? null,
  acceptedLanguages: acceptLanguage === null ? [] : acceptedLanguages(acceptLanguage),
  currency: query.currency ?? null,
  country: query.country ?? null,
  profile: { country: profileCountry ?? null, currency: profileCurrency ?? null, language: profileLanguage ?? null },
  productKey: query.product ?? null,
  accountId,
});

export const getPricingHandler = (readPricing: ReadPricing): Route =>
  handle(GetPricing, async ({ query, request }) => {
    const pricing = toApiPricing(await readPricing(toQuestion(query, request.language, null)));
    return ok(pricing, {
      etag: tagOf(pricing),
      headers: { 'cache-control': CACHE_CONTROL, vary: 'accept-language', 'content-language': pricing.language },
    });
  });

/** With the custom plans of one account: nobody else's, and in no shared cache. */
export const getAccountPricingHandler = (
  contract: typeof GetAccountPricing | typeof GetProfiledPricing,
  readPricing: ReadPricing,
): Route =>
  handle(contract, async ({ params, query, principal, request }) => {
    scopeOf(principal, params.id);
    const pricing = toApiPricing(await readPricing(toQuestion(query, request.language, params.id)));
    return ok(pricing, { etag: tagOf(pricing), headers: { 'content-language': pricing.language } });
  });

const tagOf = (pricing: ReturnType<typeof toApiPricing>): string =>
  createHash('sha256').update(JSON.stringify(pricing)).digest('base64url');

const acceptedLanguages = (header: string): readonly string[] =>
  new Negotiator({ headers: { 'accept-language': header } }).languages();

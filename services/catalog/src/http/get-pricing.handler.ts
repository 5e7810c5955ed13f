import { createHash } from 'node:crypto';

import { GetPricing } from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';
import Negotiator from 'negotiator';

import { type ReadPricing } from '../application/index.ts';
import { toApiPricing } from './convert.ts';

/** Short: a new price is on every page within half a minute, and asking again costs a 304. */
const CACHE_CONTROL = 'public, max-age=30';

export const getPricingHandler = (readPricing: ReadPricing): Route =>
  handle(GetPricing, async ({ query, request }) => {
    const pricing = toApiPricing(
      await readPricing({
        language: query.lang ?? null,
        acceptedLanguages: acceptedLanguages(request.language),
        currency: query.currency ?? null,
        country: query.country ?? null,
        productKey: query.product ?? null,
      }),
    );
    return ok(pricing, {
      etag: createHash('sha256').update(JSON.stringify(pricing)).digest('base64url'),
      headers: { 'cache-control': CACHE_CONTROL, vary: 'accept-language', 'content-language': pricing.language },
    });
  });

const acceptedLanguages = (header: string | null): readonly string[] =>
  header === null ? [] : new Negotiator({ headers: { 'accept-language': header } }).languages();

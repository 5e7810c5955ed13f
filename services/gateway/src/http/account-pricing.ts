import { GetAccountPricing, GetPricingProfile, GetProfiledPricing } from '@quittance/contracts';
import { type Exchange, type Route } from '@quittance/http';

import { type CallService } from '../application/index.ts';
import { callContract } from './call-contract.ts';
import { type ForwardDeps, forwardTo } from './forward-route.ts';

/** Little enough for catalog to have all its time after it, and the caller an answer within 10 s. */
const PROFILE_WITHIN_MS = 1500;

/**
 * Prices for an account are those of its billing profile, as far as that says, then those the request asks for, then
 * those of the reader's languages, and told in the profile's language where the reader names none of ours: catalog
 * decides, and is told all. While invoicing does not answer, prices are told
 * without the profile.
 */
export const accountPricingRoute = (deps: ForwardDeps): Route =>
  forwardTo(
    {
      service: GetProfiledPricing.service,
      path: async (exchange) => withProfile(exchange.url, await profileOf(deps.callService, exchange)),
    },
    GetAccountPricing,
    deps,
  );

type Profile = Readonly<Partial<Record<'country' | 'currency' | 'language', string | null | undefined>>>;

/** An account that is none, or not the caller's, is refused by catalog, as everywhere. */
const profileOf = async (callService: CallService, { params, principal, request }: Exchange): Promise<Profile> => {
  const asked = GetPricingProfile.params.safeParse(params);
  if (!asked.success) return {};
  return callContract(callService, GetPricingProfile, {
    principal,
    requestId: request.id,
    params: asked.data,
    timeoutMs: PROFILE_WITHIN_MS,
  }).catch((): Profile => ({}));
};

const withProfile = (url: string, { country, currency, language }: Profile): string => {
  const [path = '', query = ''] = url.split('?', 2);
  const asked = new URLSearchParams(query);
  // What is wrong with it, and without a profile all of it, is catalog's to say, of what was asked byte for byte.
  if (!GetAccountPricing.query.safeParse(Object.fromEntries(asked)).success) return url;
  if (!country && !currency && !language) return url;
  if (country) asked.set('profileCountry', country);
  if (currency) asked.set('profileCurrency', currency);
  if (language) asked.set('profileLanguage', language);
  return `${path.replace('/v1/', '/internal/')}?${asked.toString()}`;
};

import { GetAccountPricing, GetPricingProfile } from '@quittance/contracts';
import { type Exchange, type Route } from '@quittance/http';

import { type CallService } from '../application/index.ts';
import { callContract } from './call-contract.ts';
import { type ForwardDeps, forwardTo } from './forward-route.ts';

/** Little enough for catalog to have all its time after it, and the caller an answer within 10 s. */
const PROFILE_WITHIN_MS = 1500;

/**
 * Prices for an account are those of its billing profile: what it is billed in goes before what the request asks for,
 * and both before the reader's languages. While invoicing does not answer, prices are told without the profile.
 */
export const accountPricingRoute = (deps: ForwardDeps): Route =>
  forwardTo(
    {
      service: GetAccountPricing.service,
      path: async (exchange) => withProfile(exchange.url, await profileOf(deps.callService, exchange)),
    },
    GetAccountPricing,
    deps,
  );

type Profile = Readonly<Partial<Record<'country' | 'currency', string | null>>>;

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

const withProfile = (url: string, profile: Profile): string => {
  const known = Object.entries(profile).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // Without one it goes on byte for byte: what is wrong with it is catalog's to say.
  if (known.length === 0) return url;
  const [path = '', asked = ''] = url.split('?', 2);
  const query = new URLSearchParams(asked);
  for (const [name, value] of known) query.set(name, value);
  return `${path}?${query.toString()}`;
};

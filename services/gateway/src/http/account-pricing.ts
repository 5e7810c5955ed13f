import { GetAccountPricing, GetPricingProfile } from '@quittance/contracts';
import { type Exchange, type Route } from '@quittance/http';

import { type CallService } from '../application/index.ts';
import { callContract } from './call-contract.ts';
import { type ForwardDeps, forwardTo } from './forward-route.ts';

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

/** An account that is not the caller's is refused by catalog, as everywhere. */
const profileOf = (callService: CallService, { params, principal, request }: Exchange): Promise<Profile> =>
  callContract(callService, GetPricingProfile, {
    principal,
    requestId: request.id,
    params: GetPricingProfile.params.parse(params),
  }).catch((): Profile => ({}));

const withProfile = (url: string, profile: Profile): string => {
  const [path = '', asked = ''] = url.split('?', 2);
  const query = new URLSearchParams(asked);
  for (const name of ['country', 'currency'] as const) {
    const value = profile[name];
    if (typeof value === 'string') query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
};

import { GetPricingProfile } from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';

import { type BillingProfiles } from '../application/index.ts';

/** For the gateway, which asks catalog for the prices of this country in this currency, told in this language. */
export const getPricingProfileHandler = (profiles: Pick<BillingProfiles, 'findAll'>) =>
  handle(GetPricingProfile, async ({ params, principal }) => {
    scopeOf(principal, params.id);
    const profile = (await profiles.findAll([params.id])).get(params.id);
    const { country = null, currency = null, language = null } = profile ?? {};
    return ok({ country, currency, language });
  });

import { type AccountId, type Clock } from '@quittance/kernel';

import { type BillingProfiles, type InvoicingUnitOfWork, type NextVersion } from './ports.ts';

interface Deps {
  readonly billingProfiles: BillingProfiles;
  readonly unitOfWork: InvoicingUnitOfWork;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

export type RememberBuyer = (buyer: {
  readonly accountId: AccountId;
  readonly country: string;
  readonly currency: string;
}) => Promise<void>;

/** Where somebody who came from elsewhere is taxed. What they have said here themselves stays as it is. */
export const makeRememberBuyer =
  ({ billingProfiles, unitOfWork, clock, nextVersion }: Deps): RememberBuyer =>
  async ({ accountId, country, currency }) => {
    if ((await billingProfiles.findAll([accountId])).has(accountId)) return;
    const begun = { accountId, country, currency, language: null, at: clock.now(), version: nextVersion(0) };
    await unitOfWork.commit({
      writes: [billingProfiles.begin(begun)],
      messages: [],
      audit: [
        {
          action: 'billing_profile.begun',
          subject: { type: 'billing_profile', id: accountId },
          accountId,
          reason: 'It came with a subscription of an earlier platform.',
          after: { country, currency },
        },
      ],
    });
  };

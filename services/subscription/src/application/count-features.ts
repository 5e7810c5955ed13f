import { type AccountId, type Clock } from '@quittance/kernel';

import { type UsageCounts } from '../domain/exceeded-limits.ts';
import { type FeatureCounts, type SubscriptionUnitOfWork } from './ports.ts';

interface Deps {
  readonly featureCounts: FeatureCounts;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
}

export interface CountedFeatures {
  readonly accountId: AccountId;
  readonly productKey: string;
  readonly counts: UsageCounts;
}

export type CountFeatures = ReturnType<typeof makeCountFeatures>;

/** A platform service says how many of what it has: what a downgrade is checked against. */
export const makeCountFeatures =
  ({ featureCounts, unitOfWork, clock }: Deps) =>
  async (counted: CountedFeatures): Promise<Date> => {
    const asOf = clock.now();
    await unitOfWork.commit({
      writes: counted.counts.size === 0 ? [] : [featureCounts.store({ ...counted, asOf })],
      messages: [],
      audit: [
        {
          action: 'feature_counts.reported',
          subject: { type: 'account', id: counted.accountId },
          accountId: counted.accountId,
          after: { productKey: counted.productKey, counts: Object.fromEntries(counted.counts) },
        },
      ],
    });
    return asOf;
  };

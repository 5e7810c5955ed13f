import { describeBatches } from './batch.contract.ts';
import { describeDelivery } from './delivery.contract.ts';
import { describeHandling } from './handling.contract.ts';
import { type Harness } from './harness.ts';
import { describeOutages } from './outage.contract.ts';
import { describeRelay } from './relay.contract.ts';

/** Word for word the same on every transport: what a service may rely on, whatever carries its messages. */
export const describeTransport = (harness: Harness): void => {
  describeDelivery(harness);
  describeHandling(harness);
  describeBatches(harness);
  describeRelay(harness);
  describeOutages(harness);
};

import { type Metrics } from '@quittance/runtime';

type HandlingResult = 'handled' | 'duplicate' | 'retried' | 'dead';

export interface ConsumerMetrics {
  settled(result: HandlingResult): void;
}

export const makeConsumerMetrics = (metrics: Metrics): ConsumerMetrics => {
  const deliveries = metrics.counter({
    name: 'bus_deliveries_total',
    help: 'Deliveries, by what became of them.',
    labels: ['result'],
  });
  return { settled: (result) => deliveries.inc({ result }) };
};

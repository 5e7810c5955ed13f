import { rabbitTestUrl } from '@quittance/testkit';

import { describeThePurchase } from './purchase-journeys.ts';

const rabbitUrl = await rabbitTestUrl();

if (rabbitUrl === null) {
  process.stdout.write('Left out: the purchase as processes over RabbitMQ (no broker: set RABBITMQ_URL).\n');
  // Pending, so that it is counted as left out, and fails where nothing may be.
  it('the purchase as processes over RabbitMQ', function () {
    this.skip();
  });
} else {
  describeThePurchase('as two processes of each service over RabbitMQ', { rabbitUrl, processes: { replicas: 2 } });
}

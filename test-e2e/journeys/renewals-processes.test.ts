import { rabbitTestUrl } from '@quittance/testkit';

import { describeRenewals } from './renewal-journeys.ts';

const rabbitUrl = await rabbitTestUrl();

if (rabbitUrl === null) {
  process.stdout.write('Left out: renewals as processes over RabbitMQ (no broker: set RABBITMQ_URL).\n');
  // Pending, so that it is counted as left out, and fails where nothing may be.
  it('renewals as processes over RabbitMQ', function () {
    this.skip();
  });
} else {
  describeRenewals('as two processes of each service over RabbitMQ', { rabbitUrl, processes: { replicas: 2 } });
}

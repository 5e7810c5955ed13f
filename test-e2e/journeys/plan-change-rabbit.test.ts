import { rabbitTestUrl } from '@quittance/testkit';

import { describePlanChanges } from './plan-change-journeys.ts';

const rabbitUrl = await rabbitTestUrl();

if (rabbitUrl === null) {
  process.stdout.write('Left out: changing a plan over RabbitMQ (no broker: set RABBITMQ_URL).\n');
  // Pending, so that it is counted as left out, and fails where nothing may be.
  it('changing a plan over RabbitMQ', function () {
    this.skip();
  });
} else {
  describePlanChanges('in one process over RabbitMQ', { rabbitUrl, processes: false });
}

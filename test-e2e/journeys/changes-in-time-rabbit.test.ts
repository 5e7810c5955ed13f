import { rabbitTestUrl } from '@quittance/testkit';

import { describeChangesInTime } from './changes-in-time-journeys.ts';

const rabbitUrl = await rabbitTestUrl();

if (rabbitUrl === null) {
  process.stdout.write('Left out: changes over time over RabbitMQ (no broker: set RABBITMQ_URL).\n');
  // Pending, so that it is counted as left out, and fails where nothing may be.
  it('changes over time over RabbitMQ', function () {
    this.skip();
  });
} else {
  describeChangesInTime('in one process over RabbitMQ', { rabbitUrl, processes: false });
}

import { rabbitTestUrl } from '@quittance/testkit';

import { rabbitHarness } from './rabbit-harness.ts';
import { describeTransport } from './transport.contract.ts';

if ((await rabbitTestUrl()) === null) {
  process.stdout.write('Left out: the bus over RabbitMQ (no RABBITMQ_URL, and no broker answers on 127.0.0.1:5672).\n');
} else {
  describeTransport(rabbitHarness);
}

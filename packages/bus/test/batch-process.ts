/** A batch consumer that dies between its commit and the first acknowledgement. */
import { Secret } from '@quittance/kernel';
import { makeLogger, setKillPointProbe } from '@quittance/runtime';
import { z } from 'zod';

import { makePostgresTransport, makeRabbitTransport, onBatch } from '../src/index.ts';
import { suiteMessages, ThingChanged } from './messages.ts';
import { openService } from './service-fixture.ts';

const wish = z
  .object({
    kind: z.enum(['rabbit', 'postgres']),
    url: z.string(),
    prefix: z.string(),
    leaseMs: z.number(),
    serviceUrl: z.string(),
  })
  .parse(JSON.parse(process.env['BUS_TEST_CHILD'] ?? ''));
const options = {
  url: new Secret(wish.url),
  retryTiersMs: [40, 80],
  logger: makeLogger({ service: 'bus-test-child', level: 'silent' }),
  messages: suiteMessages,
};
const transport =
  wish.kind === 'rabbit'
    ? makeRabbitTransport({ ...options, prefix: wish.prefix })
    : makePostgresTransport({ ...options, leaseMs: wish.leaseMs });
setKillPointProbe((point) => {
  if (point === 'consumer.acknowledge:before') process.kill(process.pid, 'SIGKILL');
});
const service = openService(wish.serviceUrl);
await transport.start();
// The first delivery may come alone, and a batch of one shows nothing.
const together = onBatch(ThingChanged, service.countEffects, { lingerMs: 300 });
await service.makeConsumer(transport, [together]).start();

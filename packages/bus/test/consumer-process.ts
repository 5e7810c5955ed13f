/** A consumer that takes one delivery and never answers; the suite kills it. Prints what it got as JSON. */
import { Secret } from '@quittance/kernel';
import { makeLogger } from '@quittance/runtime';
import { z } from 'zod';

import { makePostgresTransport, makeRabbitTransport } from '../src/index.ts';
import { suiteMessages } from './messages.ts';

const wish = z
  .object({ kind: z.enum(['rabbit', 'postgres']), url: z.string(), prefix: z.string(), leaseMs: z.number() })
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
await transport.start();
await transport.consume('invoicing', { prefetch: 1 }, ({ messageId, attempt }) => {
  process.stdout.write(`${JSON.stringify({ messageId, attempt })}\n`);
  return Promise.race<never>([]);
});

import { z } from 'zod';

import { secretString } from './config.ts';
import { isKillPlace } from './durable-step.ts';

const PublicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  kid: z.string().optional(),
});

/** The public half of the gateway's signing key, as its JWK. */
export type InternalPublicJwk = z.infer<typeof PublicJwk>;

const jwkFromBase64Url = (value: string, context: z.RefinementCtx): InternalPublicJwk => {
  try {
    return PublicJwk.parse(JSON.parse(Buffer.from(value, 'base64url').toString('utf8')));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be the base64url of a public Ed25519 JWK as JSON' });
    return z.NEVER;
  }
};

const tiersFromList = (value: string): readonly number[] => value.split(',').map(Number);

const days = (standard: number) => z.coerce.number().int().min(1).max(3650).default(standard);

/** The variables every service has; its own config spreads them: `z.object({ ...serviceConfig, … })`. */
export const serviceConfig = {
  QUITTANCE_MODE: z
    .enum(['production', 'sandbox'])
    .default('production')
    .describe('`sandbox` allows a clock that can be moved and stand-ins for the outside world.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port to listen on; 0 takes any free one.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged.'),
  DATABASE_URL: secretString().describe('PostgreSQL database of this service, as postgresql://….'),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(4).describe('Most connections to that database.'),
  RABBITMQ_URL: secretString().optional().describe('Message bus on RabbitMQ. Set this or BUS_DATABASE_URL.'),
  RABBITMQ_PREFIX: z
    .string()
    .regex(/^[a-z0-9._-]{0,60}$/, 'must be at most 60 of a-z, 0-9, dot, dash and underscore')
    .default('')
    .describe('Put before every name on the broker, where several installations share one.'),
  BUS_DATABASE_URL: secretString()
    .optional()
    .describe('Message bus on PostgreSQL, for one machine. Set this or RABBITMQ_URL.'),
  RETRY_TIERS_MS: z
    .string()
    .regex(/^\d{1,9}(,\d{1,9})*$/, 'must be milliseconds separated by commas')
    .default('1000,10000,60000,600000')
    .transform(tiersFromList)
    .describe('Delays before a failed message is tried again, in ms; after the last it is a dead letter.'),
  OUTBOX_KEEP_DAYS: days(7).describe('How long sent messages stay readable, in days of wall time.'),
  INBOX_KEEP_DAYS: days(90).describe(
    'How long a handled message is known, in days of wall time: longer than anybody may still replay one.',
  ),
  INTERNAL_TOKEN_PUBLIC_KEY: z
    .string()
    .transform(jwkFromBase64Url)
    .describe('Public key of the gateway’s internal identity: base64url of an Ed25519 JWK.'),
  SANDBOX_CLOCK_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/$/, ''))
    .optional()
    .describe('Where the sandbox keeps the clock that business time follows. Refused in production.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe('Where traces go (OTLP over HTTP); without it telemetry is off.'),
  KILL_POINT: z
    .string()
    .refine(isKillPlace, { error: 'must be <durable step>:before or :after' })
    .optional()
    .describe('Fault tests only: die at this point. Refused in production.'),
};

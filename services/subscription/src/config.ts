import { serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

export const subscriptionConfig = z.object({
  ...serviceConfig,
  BEAT_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(10_000)
    .describe('How often subscription tells the gateway that its projection is current, in ms of wall time.'),
});

export type SubscriptionConfig = z.output<typeof subscriptionConfig>;

/** The importer talks to the service's database, and in the sandbox it asks what time it is. */
export const importConfig = z.object({
  QUITTANCE_MODE: serviceConfig.QUITTANCE_MODE,
  DATABASE_URL: serviceConfig.DATABASE_URL,
  LOG_LEVEL: serviceConfig.LOG_LEVEL,
  SANDBOX_CLOCK_URL: serviceConfig.SANDBOX_CLOCK_URL,
});

export type ImportConfig = z.output<typeof importConfig>;

import { type Logger } from '@quittance/runtime';
import { buildSandbox, type RunningSandbox } from '@quittance/sandbox';

import { type SuiteFacts } from './suite-environment.ts';

/** The outside world, played beside the suite: AuthGate, SuperAdmin’s list and Stripe. */
export const startSandbox = (
  facts: SuiteFacts,
  options: {
    readonly port: number;
    readonly webhookUrl: string;
    readonly databaseUrl: string;
    readonly logger: Logger;
  },
): Promise<RunningSandbox> =>
  buildSandbox({
    mode: 'sandbox',
    databaseUrl: options.databaseUrl,
    port: options.port,
    publicUrl: facts.sandboxUrl,
    webhookUrl: options.webhookUrl,
    webhookSecret: facts.secrets.stripeWebhookSecret,
    stripeSecretKey: facts.secrets.stripeSecretKey,
    superAdminSecret: facts.secrets.adminListSecret,
    console: {
      redirectUris: [`${facts.gatewayUrl}/auth/callback`],
      postLogoutRedirectUris: [facts.gatewayUrl, `${facts.gatewayUrl}/`],
      origins: [facts.gatewayUrl],
    },
    logger: options.logger,
  });

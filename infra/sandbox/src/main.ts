import { loadConfig, makeLogger } from '@quittance/runtime';

import { buildSandbox } from './build-sandbox.ts';
import { sandboxConfig } from './config.ts';

const start = async (): Promise<void> => {
  const config = loadConfig(sandboxConfig, process.env);
  const sandbox = await buildSandbox({
    mode: config.QUITTANCE_MODE,
    databaseUrl: config.DATABASE_URL.reveal(),
    host: config.HOST,
    port: config.PORT,
    publicUrl: config.PUBLIC_URL ?? null,
    webhookUrl: config.WEBHOOK_URL ?? null,
    webhookSecret: config.STRIPE_WEBHOOK_SECRET.reveal(),
    stripeSecretKey: config.STRIPE_SECRET_KEY.reveal(),
    superAdminSecret: config.SUPERADMIN_SECRET.reveal(),
    audience: config.AUDIENCE,
    accessTokenTtlS: config.ACCESS_TOKEN_TTL_S,
    console: {
      clientId: config.CONSOLE_CLIENT_ID,
      redirectUris: config.CONSOLE_REDIRECT_URIS,
      postLogoutRedirectUris: config.CONSOLE_POST_LOGOUT_REDIRECT_URIS,
      origins: config.CONSOLE_ORIGINS,
    },
    enabledEvents: config.STRIPE_ENABLED_EVENTS,
    logger: makeLogger({ service: 'sandbox', level: config.LOG_LEVEL }),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void sandbox.stop().then(() => process.exit(0));
    });
  }
};

await start().catch((error: unknown) => {
  process.stderr.write(`The sandbox cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

import { secretString } from '@quittance/runtime';
import { z } from 'zod';

const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** Environment of the sandbox as a process of its own. */
export const sandboxConfig = z.object({
  QUITTANCE_MODE: z
    .enum(['production', 'sandbox'])
    .default('production')
    .describe('The sandbox starts only in `sandbox`.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4010).describe('Port to listen on; 0 takes any free one.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged.'),
  DATABASE_URL: secretString().describe('PostgreSQL database of the sandbox alone; tables are made when missing.'),
  PUBLIC_URL: z.url().optional().describe('How browsers and services reach it; default `http://HOST:PORT`.'),
  WEBHOOK_URL: z.url().optional().describe('Where Stripe’s webhooks go; without it they wait.'),
  STRIPE_WEBHOOK_SECRET: secretString().describe('Signs the webhooks (`whsec_…`).'),
  STRIPE_SECRET_KEY: secretString().describe('The only key the Stripe stand-in accepts (`sk_test_…`).'),
  STRIPE_ENABLED_EVENTS: commaList
    .optional()
    .describe('Comma list of webhook event types; `charge.dispute.*` is understood. Default: those the platform uses.'),
  SUPERADMIN_SECRET: secretString().describe('Bearer secret of the SuperAdmin list.'),
  AUDIENCE: z.string().default('https://quittance.local').describe('Audience of access tokens.'),
  ACCESS_TOKEN_TTL_S: z.coerce.number().int().min(10).default(3600).describe('Life of access tokens, in seconds.'),
  CONSOLE_CLIENT_ID: z.string().default('quittance-console').describe('Public OIDC client of the console.'),
  CONSOLE_REDIRECT_URIS: commaList.describe('Comma list of redirect URIs the console may use.'),
  CONSOLE_POST_LOGOUT_REDIRECT_URIS: commaList
    .optional()
    .describe('Comma list of places to go after logging out; default: each origin followed by a slash.'),
  CONSOLE_ORIGINS: commaList.describe('Comma list of browser origins that may call the token endpoint.'),
});

import { serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

/** What the console's static server is told. It holds no secret: all of it may be read by a browser. */
export const consoleConfig = z.object({
  QUITTANCE_MODE: serviceConfig.QUITTANCE_MODE,
  HOST: serviceConfig.HOST,
  PORT: serviceConfig.PORT,
  LOG_LEVEL: serviceConfig.LOG_LEVEL,
  AUTHGATE_ISSUER: z
    .url({ protocol: /^https?$/ })
    .describe('OpenID Connect issuer people log in at, as a browser reaches it.'),
  CONSOLE_CLIENT_ID: z.string().min(1).default('quittance-console').describe('Public OIDC client id of the console.'),
  CONSOLE_OIDC_SCOPE: z
    .string()
    .regex(/^openid\b/, 'must begin with openid')
    .default('openid profile')
    .describe('Scopes the console asks for at login.'),
  CONSOLE_OIDC_RESOURCE: z
    .url()
    .optional()
    .describe('RFC 8707 resource to ask an access token for, where the issuer needs one.'),
  CONSOLE_LANGUAGES: z
    .string()
    .regex(/^(en|fr|ar)(,(en|fr|ar))*$/, 'must be a comma list of en, fr and ar')
    .default('en,fr,ar')
    .transform((list) => list.split(','))
    .describe('Languages offered, comma separated, the first is the fallback.'),
  CONSOLE_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code like USD')
    .optional()
    .describe('Currency shown first; without it the catalogue chooses.'),
  SUPPORT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Page where customers find billing support.'),
  SUPPORT_EMAIL: z.email().optional().describe('Address customers write to about a bill.'),
});
export type ConsoleConfig = z.infer<typeof consoleConfig>;

/** `/config.json`: the little a browser must know before it can draw anything. */
export const publicConfig = (config: ConsoleConfig) => ({
  mode: config.QUITTANCE_MODE,
  issuer: config.AUTHGATE_ISSUER,
  clientId: config.CONSOLE_CLIENT_ID,
  scope: config.CONSOLE_OIDC_SCOPE,
  resource: config.CONSOLE_OIDC_RESOURCE ?? null,
  languages: config.CONSOLE_LANGUAGES,
  currency: config.CONSOLE_CURRENCY ?? null,
  support: { url: config.SUPPORT_URL ?? null, email: config.SUPPORT_EMAIL ?? null },
});
export type PublicConfig = ReturnType<typeof publicConfig>;

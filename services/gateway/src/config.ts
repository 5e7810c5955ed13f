import { authGateVariables } from '@quittance/auth';
import { secretString, serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

const serviceUrl = (what: string) =>
  z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/$/, ''))
    .describe(`Where ${what} listens.`);

const perSecond = (fallback: number, what: string) =>
  z.coerce.number().min(0.1).max(1_000_000).default(fallback).describe(`${what} Twice as many in one go. Per replica.`);

export const gatewayConfig = z.object({
  ...serviceConfig,
  ...authGateVariables,
  INTERNAL_TOKEN_PRIVATE_KEY: secretString().describe(
    'Key the gateway signs internal identity with: base64url of a private Ed25519 JWK. Only the gateway has it.',
  ),
  CATALOG_URL: serviceUrl('catalog'),
  SUBSCRIPTION_URL: serviceUrl('subscription'),
  INVOICING_URL: serviceUrl('invoicing'),
  PAYMENTS_CARD_URL: serviceUrl('payments-card'),
  AUDIT_URL: serviceUrl('audit'),
  CONSOLE_URL: serviceUrl('the console')
    .optional()
    .describe('Where the console listens; without it there are no pages.'),
  PUBLIC_URL: serviceUrl('the gateway, as browsers see it,')
    .optional()
    .describe('Where browsers reach the gateway; checkouts of the former API return there unless they say otherwise.'),
  UPSTREAM_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(8_000)
    .describe('How long a service may take to answer, in ms. No caller waits longer than 10 s for anything.'),
  ENTITLEMENTS_STALE_AFTER_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(60_000)
    .describe(
      'How long the entitlement projection may go without subscription’s beat before it is not believed, in ms.',
    ),
  TRUSTED_PROXY_HOPS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('How many proxies of ours stand before the gateway and append to X-Forwarded-For.'),
  RATE_PUBLIC_PER_SECOND: perSecond(200, 'Public reads per address and second.'),
  RATE_READ_PER_SECOND: perSecond(200, 'Reads per caller and second.'),
  RATE_WRITE_PER_SECOND: perSecond(100, 'Writes per caller and second.'),
  RATE_CHECK_PER_SECOND: perSecond(20_000, 'Entitlement checks per caller and second.'),
  RATE_WEBHOOK_PER_SECOND: perSecond(500, 'Webhooks per address and second.'),
  SUPPORT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Page where customers find billing support.'),
  SUPPORT_EMAIL: z.email().optional().describe('Address customers write to about a bill.'),
});
export type GatewayConfig = z.output<typeof gatewayConfig>;

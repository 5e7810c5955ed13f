import { Secret } from '@quittance/kernel';
import { secretString, serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

const LIVE_KEY = /^(sk|rk)_live_/;
const KEY = /^(sk|rk)_(live|test)_\w+$/;

const secretsFromList = (value: string): readonly Secret[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => new Secret(part));

const PRICE_PLAN = /^(price_\w+|plan_\w+)=([a-z][a-z0-9_-]*)\/([a-z][a-z0-9_-]*)$/;

const pricePlansFromList = (value: string, context: z.RefinementCtx) => {
  const parts = value.split(',').map((part) => part.trim());
  const plans = new Map<string, { readonly productKey: string; readonly planKey: string }>();
  for (const part of parts.filter((one) => one !== '')) {
    const [, price, productKey, planKey] = PRICE_PLAN.exec(part) ?? [];
    if (price === undefined || productKey === undefined || planKey === undefined) {
      context.addIssue({ code: 'custom', message: `must be like price_1=automation/pro, and has ${part}` });
      return z.NEVER;
    }
    plans.set(price, { productKey, planKey });
  }
  return plans;
};

export const isLiveKey = (key: Secret): boolean => LIVE_KEY.test(key.reveal());

/** Live money moves only in production, and production takes no test key by accident. */
export const paymentsCardConfig = z
  .object({
    ...serviceConfig,
    STRIPE_SECRET_KEY: secretString()
      .refine((key) => KEY.test(key.reveal()), {
        error: 'must be a secret or restricted key: sk_test_…, sk_live_…, rk_…',
      })
      .describe('Key of Stripe’s API. A live key is refused outside production, a test key in production.'),
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .min(1)
      .transform(secretsFromList)
      .meta({ secret: true })
      .describe('Signing secret of the webhook endpoint, whsec_…; several, separated by commas, while one is rolled.'),
    STRIPE_API_BASE: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where Stripe’s API is, for a stand-in; without it Stripe itself. Refused with a live key.'),
    STRIPE_PORTAL_CONFIGURATION: z
      .string()
      .regex(/^bpc_\w+$/, 'must be the id of a portal configuration: bpc_…')
      .optional()
      .describe('Configuration of Stripe’s customer portal, bpc_…; without it the default that was saved at Stripe.'),
    STRIPE_PRICE_PLANS: z
      .string()
      .default('')
      .transform(pricePlansFromList)
      .describe(
        'Which plan a price of Stripe’s is for, where Stripe renews: `price_1=automation/pro`, separated by commas. A price may also say so itself, by its metadata `product` and `plan`.',
      ),
    STRIPE_DEADLINE_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(20_000)
      .default(8000)
      .describe('Longest time one call of Stripe may take, in ms; then its outcome is unknown and is asked for.'),
    PAYMENTS_ALLOW_TEST_KEY: z
      .enum(['true', 'false'])
      .default('false')
      .transform((value) => value === 'true')
      .describe('`true` lets production run with a test key: for a staging installation.'),
    SWEEP_INTERVAL_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(3_600_000)
      .default(60_000)
      .describe(
        'How long an open order may be without news before Stripe is asked, in ms; the wait grows with its age.',
      ),
    DENIAL_WINDOW_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(3_600_000)
      .default(60_000)
      .describe('Refused webhooks are counted for this long, in ms, and make one audit record per reason.'),
  })
  .superRefine((config, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const live = isLiveKey(config.STRIPE_SECRET_KEY);
    const production = config.QUITTANCE_MODE === 'production';
    if (live && !production) refuse('STRIPE_SECRET_KEY', 'a live key is refused outside production');
    if (live && config.STRIPE_API_BASE !== undefined) refuse('STRIPE_API_BASE', 'a live key goes to Stripe alone');
    if (!live && production && !config.PAYMENTS_ALLOW_TEST_KEY) {
      refuse('STRIPE_SECRET_KEY', 'a test key is refused in production unless PAYMENTS_ALLOW_TEST_KEY is true');
    }
  });

export type PaymentsCardConfig = z.output<typeof paymentsCardConfig>;

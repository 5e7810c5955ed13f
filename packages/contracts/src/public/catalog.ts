import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import {
  ApiMoney,
  CountryCode,
  CurrencyCode,
  idOf,
  Instant,
  Interval,
  LanguageTag,
  pageOf,
  pageQuery,
} from '../shapes.ts';

const ApiEntitlement = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('switch'), feature: z.string(), label: z.string(), enabled: z.boolean() }),
    z.strictObject({ kind: z.literal('limit'), feature: z.string(), label: z.string(), limit: z.int() }),
    z.strictObject({ kind: z.literal('unlimited'), feature: z.string(), label: z.string() }),
    z.strictObject({
      kind: z.literal('level'),
      feature: z.string(),
      label: z.string(),
      level: z.string(),
      /** The level in the reader's language. */
      levelLabel: z.string(),
    }),
  ])
  .meta({ id: 'PlanEntitlement' });

const ApiPlanPrice = z
  .strictObject({
    priceId: idOf('prc'),
    interval: Interval,
    amount: ApiMoney,
    /** `inclusive`: tax is in the price; `exclusive`: tax comes on top at checkout. */
    taxBehavior: z.enum(['exclusive', 'inclusive']),
    /** True where the amount was converted because the plan has no price of its own in this currency. */
    converted: z.boolean(),
  })
  .meta({ id: 'PlanPrice' });

const ApiPlanCard = z
  .strictObject({
    planId: idOf('pln'),
    key: z.string(),
    rank: z.int(),
    name: z.string(),
    description: z.string(),
    /** What the button says. */
    callToAction: z.string(),
    action: z.enum(['checkout', 'contact_sales']),
    prices: z.array(ApiPlanPrice),
    entitlements: z.array(ApiEntitlement),
  })
  .meta({ id: 'PlanCard' });

export const GetPricing = httpContract({
  name: 'GetPricing',
  service: 'catalog',
  method: 'GET',
  path: '/v1/pricing',
  summary: 'Every plan on sale, in one language and one currency.',
  access: 'public',
  audit: 'none',
  idempotency: 'none',
  rate: 'public',
  query: z.strictObject({
    lang: LanguageTag.optional(),
    currency: CurrencyCode.optional(),
    country: CountryCode.optional(),
    product: z.string().max(64).optional(),
  }),
  answer: z.strictObject({
    language: z.string(),
    direction: z.enum(['ltr', 'rtl']),
    currency: z.string(),
    languages: z.array(z.string()),
    currencies: z.array(z.string()),
    products: z.array(
      z.strictObject({
        productId: idOf('prd'),
        key: z.string(),
        name: z.string(),
        description: z.string(),
        plans: z.array(ApiPlanCard),
      }),
    ),
  }),
});

export const ListPlans = httpContract({
  name: 'ListPlans',
  service: 'catalog',
  method: 'GET',
  path: '/v1/plans',
  summary: 'Every plan with its current version, for operators.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({ ...pageQuery, product: z.string().max(64).optional() }),
  answer: pageOf(
    z.strictObject({
      planId: idOf('pln'),
      planVersionId: idOf('plv'),
      versionNumber: z.int(),
      productKey: z.string(),
      editionKey: z.string(),
      key: z.string(),
      rank: z.int(),
      status: z.enum(['published', 'retired']),
      selfServe: z.boolean(),
      names: z.record(z.string(), z.string()),
      prices: z.array(ApiPlanPrice),
      publishedAt: Instant,
    }),
  ),
});

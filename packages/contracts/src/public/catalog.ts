import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAccountId, ApiMoney, Country, CurrencyCode, idOf, Interval, LanguageTag } from '../shapes.ts';

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
      levelLabel: z.string().describe("The level in the reader's language."),
    }),
  ])
  .meta({ id: 'PlanEntitlement' });

const ApiPlanPrice = z
  .strictObject({
    priceId: idOf('prc'),
    interval: Interval,
    amount: ApiMoney,
    taxBehavior: z
      .enum(['exclusive', 'inclusive'])
      .describe('`inclusive`: tax is in the price; `exclusive`: tax comes on top at checkout.'),
    region: z
      .string()
      .nullable()
      .describe('The one country this price is for: name it when you order. Null is everywhere.'),
    converted: z
      .boolean()
      .describe('True where the amount was converted because the plan has no price of its own in this currency.'),
  })
  .meta({ id: 'PlanPrice' });

const ApiPlanCardItem = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    icon: z.string(),
    models: z.array(z.string()),
    quota: z.int().describe('Per reset; −1 is unlimited.'),
    reset: z.enum(['day', 'week', 'month']),
    overage: z.enum(['block', 'charge', 'warn']),
  })
  .meta({ id: 'PlanCardItem' });

const ApiPlanCard = z
  .strictObject({
    planId: idOf('pln'),
    key: z.string(),
    editionKey: z.string().describe('The form of the product that it is a plan of, like cloud.'),
    rank: z.int(),
    name: z.string(),
    description: z.string(),
    custom: z.boolean().describe('Made for the account that asks.'),
    trialDays: z.int().describe('Days without paying, without a card; 0 is no trial.'),
    callToAction: z.string().describe('What the button says.'),
    action: z.enum(['checkout', 'contact_sales']),
    prices: z.array(ApiPlanPrice),
    entitlements: z.array(ApiEntitlement),
    items: z.array(ApiPlanCardItem),
  })
  .meta({ id: 'PlanCard' });

const ApiPricingMeter = z
  .strictObject({
    key: z.string(),
    name: z.string().describe("In the reader's language."),
    unit: z.string().describe('What is counted, like call.'),
    aggregation: z
      .enum(['sum', 'max', 'last'])
      .describe('Which of the values of a period counts: all together, the highest or the last.'),
  })
  .meta({ id: 'PricingMeter' });

const ApiPricing = z
  .strictObject({
    language: z.string(),
    direction: z.enum(['ltr', 'rtl']),
    currency: z.string(),
    country: z
      .string()
      .nullable()
      .describe(
        'Whose prices these are where a country has its own: asked for, the profile’s, or named by Accept-Language (fr-SN).',
      ),
    languages: z.array(z.string()),
    currencies: z.array(z.string()),
    products: z.array(
      z.strictObject({
        productId: idOf('prd'),
        key: z.string(),
        name: z.string(),
        description: z.string(),
        meters: z.array(ApiPricingMeter).describe('How usage of the product is counted.'),
        plans: z.array(ApiPlanCard),
      }),
    ),
  })
  .meta({ id: 'Pricing' });

export const pricingQuery = z.strictObject({
  lang: LanguageTag.optional(),
  currency: CurrencyCode.optional(),
  country: Country.optional(),
  product: z.string().max(64).optional(),
});

export const GetPricing = httpContract({
  name: 'GetPricing',
  service: 'catalog',
  method: 'GET',
  path: '/v1/pricing',
  summary: 'Every plan on sale, in one language and one currency.',
  access: 'public',
  audit: 'none',
  idempotency: 'none',
  etag: 'What the page says.',
  headers: {
    'Accept-Language': 'What language and, by its country, what currency are taken where the query does not say.',
  },
  rate: 'public',
  query: pricingQuery,
  answer: ApiPricing,
});

export const GetAccountPricing = httpContract({
  name: 'GetAccountPricing',
  service: 'catalog',
  method: 'GET',
  path: '/v1/accounts/:id/pricing',
  summary:
    'What this account may buy: every plan on sale, and the custom plans made for it; those are told in the currencies they have where none of their prices is in the one shown. What the billing profile says of country and currency goes before `country` and `currency`; its language is taken where neither `lang` nor Accept-Language names one of ours; order with the `country` that the page says.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  etag: 'What the page says.',
  headers: {
    'Accept-Language': 'What language and, by its country, what currency are taken where the query does not say.',
  },
  rate: 'read',
  params: z.strictObject({ id: ApiAccountId }),
  query: pricingQuery,
  answer: ApiPricing,
});

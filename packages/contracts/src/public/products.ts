import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { TaxBehavior } from '../messages/shared.ts';
import {
  ApiMoney,
  CurrencyCode,
  idOf,
  Instant,
  Interval,
  Key,
  LanguageTag,
  pageOf,
  pageById,
  plainText,
} from '../shapes.ts';

const ApiMeter = z
  .strictObject({
    key: Key,
    unit: plainText(32).describe('What one of it is: `call`, `byte`, `contact`.'),
    aggregation: z
      .enum(['sum', 'max', 'last'])
      .describe('Of a period: everything added up, the highest, or the latest value.'),
    texts: z.record(LanguageTag, z.strictObject({ name: plainText(80) }).meta({ id: 'MeterTexts' })),
  })
  .meta({ id: 'Meter' });

const productShape = {
  prorationBasis: z
    .enum(['fixed30', 'actual'])
    .describe(
      'How part of a period is counted, in versions published from now on: days of a 30-day month, or the real period to the millisecond.',
    ),
  texts: z.record(
    LanguageTag,
    z.strictObject({ name: plainText(80), description: plainText(500) }).meta({ id: 'ProductTexts' }),
  ),
  editions: z.array(Key).min(1).max(20).describe('Editions are added and never taken away: plans belong to them.'),
  meters: z.array(ApiMeter).max(30),
};

export const ApiProductDocument = z.strictObject(productShape);

const ApiProduct = z
  .strictObject({
    productId: idOf('prd'),
    key: z.string(),
    ...productShape,
    version: z.int().describe('The ETag: send it back as If-Match with the next edit.'),
  })
  .meta({ id: 'Product' });

const productParams = z.strictObject({ id: idOf('prd') });
const PRODUCT_BYTES_MAX = 64 * 1024;

export const ListProducts = httpContract({
  name: 'ListProducts',
  service: 'catalog',
  method: 'GET',
  path: '/v1/products',
  summary: 'Every product with its editions and meters, oldest first.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject(pageById('prd')),
  answer: pageOf(ApiProduct),
});

export const GetProduct = httpContract({
  name: 'GetProduct',
  service: 'catalog',
  method: 'GET',
  path: '/v1/products/:id',
  summary: 'One product.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'read',
  params: productParams,
  answer: ApiProduct,
});

export const CreateProduct = httpContract({
  name: 'CreateProduct',
  service: 'catalog',
  method: 'POST',
  path: '/v1/products',
  summary: 'A new product; it is on no page until a plan of it is published.',
  access: { anyOf: ['billing.write'] },
  audit: 'product.created',
  idempotency: 'required',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'write',
  status: 201,
  body: z.strictObject({ key: Key, ...productShape }),
  bodyBytesMax: PRODUCT_BYTES_MAX,
  answer: ApiProduct,
});

export const EditProduct = httpContract({
  name: 'EditProduct',
  service: 'catalog',
  method: 'PUT',
  path: '/v1/products/:id',
  summary:
    'The whole product. Its texts are on the pages at once; plans keep their versions, and with them how they count.',
  access: { anyOf: ['billing.write'] },
  audit: 'product.edited',
  idempotency: 'none',
  ifMatch: 'required',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'write',
  params: productParams,
  body: ApiProductDocument,
  bodyBytesMax: PRODUCT_BYTES_MAX,
  answer: ApiProduct,
});

/** Eight digits after the point at most; never through a float. */
const Rate = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,8})?$/, 'must be a decimal like 0.92')
  .refine((value) => /[1-9]/.test(value), { error: 'must be more than zero' });

const ApiExchangeRates = z
  .strictObject({
    base: CurrencyCode,
    rates: z
      .array(z.strictObject({ currency: CurrencyCode, rate: z.string(), asOf: Instant }))
      .describe('One `base` is worth `rate` of `currency`.'),
  })
  .meta({ id: 'ExchangeRates' });

export const GetExchangeRates = httpContract({
  name: 'GetExchangeRates',
  service: 'catalog',
  method: 'GET',
  path: '/v1/exchange-rates',
  summary: 'What prices are converted with where a plan has none of its own in a currency.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  etag: 'What the rates are: send it back as If-Match with the next change.',
  rate: 'read',
  answer: ApiExchangeRates,
});

export const SetExchangeRates = httpContract({
  name: 'SetExchangeRates',
  service: 'catalog',
  method: 'PUT',
  path: '/v1/exchange-rates',
  summary: 'All rates at once. Published versions keep the prices they were published with.',
  access: { anyOf: ['billing.write'] },
  audit: 'exchange_rates.set',
  idempotency: 'none',
  ifMatch: 'required',
  etag: 'What the rates are: send it back as If-Match with the next change.',
  rate: 'write',
  body: z.strictObject({
    rates: z.array(z.strictObject({ currency: CurrencyCode, rate: Rate })).max(200),
  }),
  answer: ApiExchangeRates,
});

const ApiReconversion = z
  .strictObject({
    data: z
      .array(
        z.strictObject({
          planId: idOf('pln'),
          productKey: z.string(),
          planKey: z.string(),
          prices: z.array(
            z.strictObject({
              interval: Interval,
              currency: CurrencyCode,
              region: z.string().nullable().describe('The one country the price is for; null is for everywhere.'),
              before: ApiMoney.nullable().describe('Null where the plan is not sold at it yet.'),
              after: ApiMoney,
              taxBehavior: TaxBehavior,
            }),
          ),
        }),
      )
      .describe("Every plan on sale whose converted prices are not those of today's rates."),
  })
  .meta({ id: 'Reconversion' });

export const PreviewExchangeRates = httpContract({
  name: 'PreviewExchangeRates',
  service: 'catalog',
  method: 'GET',
  path: '/v1/exchange-rates/preview',
  summary: 'What applying today’s rates would change on the pages: plan, currency, old and new price.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  etag: 'What would be changed: send it back as If-Match to apply exactly this.',
  rate: 'read',
  answer: ApiReconversion,
});

export const ApplyExchangeRates = httpContract({
  name: 'ApplyExchangeRates',
  service: 'catalog',
  method: 'POST',
  path: '/v1/exchange-rates/apply',
  summary: 'Publish every plan on sale anew whose converted prices changed, all or none. Drafts stay drafts.',
  access: { anyOf: ['billing.write'] },
  audit: 'exchange_rates.applied',
  idempotency: 'required',
  ifMatch: 'optional',
  rate: 'write',
  answer: ApiReconversion,
});

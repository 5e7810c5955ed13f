import { createHash } from 'node:crypto';

import {
  type ApiProductDocument,
  CreateProduct,
  EditProduct,
  GetExchangeRates,
  GetProduct,
  ListProducts,
  SetExchangeRates,
} from '@quittance/contracts';
import { created, handle, ok, requireIfMatch, type Route } from '@quittance/http';
import { platformFail } from '@quittance/kernel';
import { type Currency, isCurrency } from '@quittance/money';
import { type z } from 'zod';

import { type ChangeProducts, type ExchangeRates, type ProductDocument, type RatesView } from '../application/index.ts';
import { type Product } from '../domain/plan.ts';
import { fromRateText, toRateText } from '../domain/rate-text.ts';

type ApiProduct = z.infer<typeof GetProduct.answer>;
type ApiRates = z.infer<typeof GetExchangeRates.answer>;

export const productRoutes = (products: ChangeProducts): readonly Route[] => [
  handle(ListProducts, async ({ query }) => {
    const page = await products.list({ limit: query.limit, after: query.after ?? null });
    return ok({ data: page.products.map(toApiProduct), nextCursor: page.nextCursor });
  }),
  handle(GetProduct, async ({ params }) => ok(...tagged(await products.one(params.id)))),
  handle(CreateProduct, async ({ body: { key, ...document }, request }) =>
    created(...tagged(await products.create(request.reservedId('prd'), key, fromApiProduct(document)))),
  ),
  handle(EditProduct, async ({ params, body, request }) => {
    const mustHaveRead = (version: number) => requireIfMatch(request.headers('if-match'), String(version));
    return ok(...tagged(await products.edit(params.id, fromApiProduct(body), mustHaveRead)));
  }),
];

export const exchangeRateRoutes = (rates: ExchangeRates): readonly Route[] => [
  handle(GetExchangeRates, async () => ok(...taggedRates(await rates.read()))),
  handle(SetExchangeRates, async ({ body, request }) => {
    const wanted = body.rates.map(({ currency, rate }) => ({ quote: known(currency), rateE8: fromRateText(rate) }));
    const mustHaveRead = (view: RatesView) => requireIfMatch(request.headers('if-match'), tagOf(view));
    return ok(...taggedRates(await rates.set(wanted, mustHaveRead)));
  }),
];

const fromApiProduct = ({ editions, ...document }: z.infer<typeof ApiProductDocument>): ProductDocument => ({
  ...document,
  editionKeys: editions,
});

const toApiProduct = (product: Product): ApiProduct => ({
  productId: product.id,
  key: product.key,
  prorationBasis: product.prorationBasis,
  texts: { ...product.texts },
  editions: Object.keys(product.editions),
  meters: product.meters.map((meter) => ({ ...meter, texts: { ...meter.texts } })),
  version: product.version,
});

const tagged = (product: Product) => [toApiProduct(product), { etag: String(product.version) }] as const;

const toApiRates = ({ base, rates }: RatesView): ApiRates => ({
  base,
  rates: rates.map(({ quote, rateE8, asOf }) => ({
    currency: quote,
    rate: toRateText(rateE8),
    asOf: asOf.toISOString(),
  })),
});

/** The rates have no version of their own: their tag is what they say. */
const tagOf = (view: RatesView): string =>
  createHash('sha256')
    .update(JSON.stringify(toApiRates(view)))
    .digest('base64url');

const taggedRates = (view: RatesView) => [toApiRates(view), { etag: tagOf(view) }] as const;

const known = (currency: string): Currency => {
  if (isCurrency(currency)) return currency;
  throw platformFail('platform.invalid_request', `${currency} is no currency.`, {
    details: { issues: [{ path: 'body.rates', problem: `${currency} is not in ISO 4217` }] },
  });
};

import { type ApiProductDocument, CreateProduct, EditProduct, GetProduct, ListProducts } from '@quittance/contracts';
import { created, handle, ok, requireIfMatch, type Route } from '@quittance/http';
import { type z } from 'zod';

import { type ChangeProducts, type ProductDocument } from '../application/index.ts';
import { type Product } from '../domain/plan.ts';

type ApiProduct = z.infer<typeof GetProduct.answer>;

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

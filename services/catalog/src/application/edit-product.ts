import { type AuditEntry, type Id } from '@quittance/kernel';

import { refuseDuplicates, refuseMissing, refuseStrangeLanguages } from '../domain/check-document.ts';
import { changedTextsOfProduct, recordOfProduct } from '../domain/document-record.ts';
import { catalogFail } from '../domain/errors.ts';
import { missingProductTexts } from '../domain/missing-translations.ts';
import { type Product } from '../domain/plan.ts';
import { type ChangeDeps, productIn } from './plan-changes.ts';
import { versionAfter } from './version-after.ts';

export interface ProductDocument extends Pick<Product, 'prorationBasis' | 'texts' | 'meters'> {
  readonly editionKeys: readonly string[];
}

export interface ChangeProducts {
  /** @throws `catalog.key_taken`, `catalog.duplicate`, `catalog.unsupported_language` */
  create(id: Id<'prd'>, key: string, document: ProductDocument): Promise<Product>;
  /**
   * @throws `catalog.edition_in_use`, `catalog.duplicate`, `catalog.unsupported_language`, and
   * `catalog.translation_missing` where a plan of it is on sale: its texts are on the page at once.
   */
  edit(id: Id<'prd'>, document: ProductDocument, mustHaveRead: (version: number) => void): Promise<Product>;
  list(page: {
    readonly limit: number;
    readonly after: string | null;
  }): Promise<{ readonly products: readonly Product[]; readonly nextCursor: string | null }>;
  one(id: Id<'prd'>): Promise<Product>;
}

export const makeChangeProducts = (deps: ChangeDeps): ChangeProducts => ({
  create: (id, key, document) => create(deps, { id, key, document }),
  edit: (id, document, mustHaveRead) => edit(deps, { id, document, mustHaveRead }),
  list: async ({ limit, after }) => {
    const all = (await deps.store.load()).products
      .filter(({ id }) => after === null || id > after)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const products = all.slice(0, limit);
    return { products, nextCursor: all.length > limit ? (products.at(-1)?.id ?? null) : null };
  },
  one: async (id) => productIn(await deps.store.load(), id),
});

const create = async (
  deps: ChangeDeps,
  wanted: { readonly id: Id<'prd'>; readonly key: string; readonly document: ProductDocument },
): Promise<Product> => {
  const { id, key, document } = wanted;
  return deps.changeCatalog(({ products }) => {
    const before = products.find((product) => product.key === key);
    if (before !== undefined && before.id === id) return { commit: null, answer: before };
    if (before !== undefined) throw catalogFail('catalog.key_taken', `There is a product ${key} already.`);
    const product: Product = { id, key, ...contentOf(deps, document, null), version: versionAfter(0, deps), plans: [] };
    return {
      commit: {
        writes: [deps.store.insertProduct(product)],
        messages: [],
        audit: [entry('product.created', product)],
      },
      answer: product,
    };
  });
};

const edit = async (
  deps: ChangeDeps,
  change: {
    readonly id: Id<'prd'>;
    readonly document: ProductDocument;
    readonly mustHaveRead: (version: number) => void;
  },
): Promise<Product> => {
  await deps.changeCatalog((catalog) => {
    const before = productIn(catalog, change.id);
    change.mustHaveRead(before.version);
    const editions = Object.keys(before.editions);
    if (editions.some((key) => !change.document.editionKeys.includes(key))) {
      throw catalogFail('catalog.edition_in_use', `Editions of ${before.key} stay.`, { details: { editions } });
    }
    const content = contentOf(deps, change.document, before);
    if (before.plans.some(({ status }) => status === 'published')) {
      refuseMissing(missingProductTexts(content, deps.policy.languages), { product: before.key });
    }
    const product: Product = { ...before, ...content, version: versionAfter(before.version, deps) };
    const commit = {
      writes: [deps.store.updateProduct(product, before.version)],
      // Versions keep the way to count they were published with: nobody who sells has to hear of it.
      messages: [],
      audit: [
        {
          ...entry('product.edited', product),
          before: recordOfProduct(before),
          after: { ...recordOfProduct(product), changedTexts: changedTextsOfProduct(before, product) },
        },
      ],
    };
    return { commit, answer: null };
  });
  return productIn(await deps.store.load(), change.id);
};

const contentOf = (deps: ChangeDeps, document: ProductDocument, before: Product | null) => {
  refuseDuplicates([
    ...document.editionKeys.map((key) => `edition ${key}`),
    ...document.meters.map(({ key }) => `meter ${key}`),
  ]);
  refuseStrangeLanguages(textsOf(document), { before: before === null ? [] : textsOf(before), policy: deps.policy });
  return {
    prorationBasis: document.prorationBasis,
    texts: document.texts,
    meters: document.meters,
    editions: {
      ...Object.fromEntries(document.editionKeys.map((key) => [key, deps.newId('edn')] as const)),
      ...before?.editions,
    },
  };
};

const textsOf = ({ texts, meters }: Pick<Product, 'texts' | 'meters'>) => [
  texts,
  ...meters.map((meter) => meter.texts),
];

const entry = (action: AuditEntry['action'], product: Product): AuditEntry => ({
  action,
  subject: { type: 'product', id: product.id },
  accountId: null,
  after: recordOfProduct(product),
});

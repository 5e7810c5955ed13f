import { type AccountId, assert, type Id, isAccountId, isId, must } from '@quittance/kernel';
import { isCurrency, isInterval } from '@quittance/money';
import { z } from 'zod';

import {
  type Entitlement,
  type Plan,
  type PlanItem,
  type PlanVersion,
  type Price,
  type Product,
  type ProrationBasis,
} from '../domain/plan.ts';
import { fromDocumentJson } from './document-json.ts';
import { type Prisma } from './generated/client.ts';

export const versionParts = {
  translations: true,
  prices: { orderBy: { id: 'asc' } },
  entitlements: { orderBy: { position: 'asc' } },
  items: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.PlanVersionInclude;

export const productParts = {
  translations: true,
  editions: true,
  meters: { orderBy: { position: 'asc' } },
  plans: { include: { edition: true } },
} as const satisfies Prisma.ProductInclude;

type VersionRow = Prisma.PlanVersionGetPayload<{ include: typeof versionParts }>;
type ProductRow = Prisma.ProductGetPayload<{ include: typeof productParts }>;
type PlanRow = ProductRow['plans'][number];

const Labels = z.record(z.string(), z.string());
const ItemTexts = z.record(z.string(), z.strictObject({ name: z.string(), description: z.string() }));
const Status = z.enum(['draft', 'published', 'retired']);
const Aggregation = z.enum(['sum', 'max', 'last']);
const MeterTexts = z.record(z.string(), z.strictObject({ name: z.string() }));
const TaxBehavior = z.enum(['exclusive', 'inclusive']);
const Basis = z.enum(['fixed30', 'actual']);
const Reset = z.enum(['day', 'week', 'month']);
const Overage = z.enum(['block', 'charge', 'warn']);

const id = <Prefix extends string>(prefix: Prefix, value: string): Id<Prefix> => {
  assert(isId(prefix, value), `${value} is not an id with ${prefix}_`);
  return value;
};

const account = (value: string | null): AccountId | null => {
  assert(value === null || isAccountId(value), `${String(value)} is not an account`);
  return value;
};

export const fromProductRow = (row: ProductRow, versions: ReadonlyMap<string, VersionRow>): Product => ({
  id: id('prd', row.id),
  key: row.key,
  prorationBasis: Basis.parse(row.prorationBasis),
  texts: byLanguage(row.translations, ({ name, description }) => ({ name, description })),
  editions: Object.fromEntries(row.editions.map((edition) => [edition.key, id('edn', edition.id)] as const)),
  meters: row.meters.map(({ key, unit, aggregation, translations }) => ({
    key,
    unit,
    aggregation: Aggregation.parse(aggregation),
    texts: MeterTexts.parse(translations),
  })),
  version: Number(row.version),
  plans: row.plans
    .map((plan) => fromPlanRow(plan, versions, Basis.parse(row.prorationBasis)))
    .toSorted((a, b) => rankOf(a) - rankOf(b)),
});

const rankOf = ({ current }: Plan): number => current?.rank ?? Number.MAX_SAFE_INTEGER;

const fromPlanRow = (row: PlanRow, versions: ReadonlyMap<string, VersionRow>, basis: ProrationBasis): Plan => ({
  id: id('pln', row.id),
  key: row.key,
  editionKey: row.edition.key,
  accountId: account(row.accountId),
  status: Status.parse(row.status),
  version: Number(row.version),
  updatedAt: row.updatedAt,
  current: row.currentVersionId === null ? null : fromVersionRow(versionOf(row.currentVersionId, versions), basis),
  draft: row.draft === null ? null : fromDocumentJson(row.draft),
});

const versionOf = (versionId: string, versions: ReadonlyMap<string, VersionRow>): VersionRow =>
  must(versions.get(versionId), `version ${versionId}`);

/** `basis` of the product, for a version that the release before this one published without its own. */
export const fromVersionRow = (row: VersionRow, basis: ProrationBasis): PlanVersion => ({
  id: id('plv', row.id),
  number: row.number,
  rank: row.rank,
  selfServe: row.selfServe,
  publishedAt: row.publishedAt,
  texts: byLanguage(row.translations, ({ name, description, callToAction, labels }) => ({
    name,
    description,
    callToAction,
    labels: Labels.parse(labels),
  })),
  prices: row.prices.map(fromPriceRow),
  entitlements: row.entitlements.map(fromEntitlementRow),
  items: row.items.map(fromItemRow),
  trialDays: row.trialDays,
  prorationBasis: row.prorationBasis === null ? basis : Basis.parse(row.prorationBasis),
});

const byLanguage = <Row extends { readonly language: string }, Texts>(
  rows: readonly Row[],
  convert: (row: Row) => Texts,
): Readonly<Record<string, Texts>> => Object.fromEntries(rows.map((row) => [row.language, convert(row)] as const));

const fromPriceRow = (row: VersionRow['prices'][number]): Price => {
  assert(isCurrency(row.currency), `price ${row.id} is in ${row.currency}`);
  assert(isInterval(row.interval), `price ${row.id} is per ${row.interval}`);
  return {
    id: id('prc', row.id),
    currency: row.currency,
    interval: row.interval,
    region: row.region,
    amountMinor: row.amountMinor,
    taxBehavior: TaxBehavior.parse(row.taxBehavior),
    converted: row.converted,
  };
};

const fromEntitlementRow = (row: VersionRow['entitlements'][number]): Entitlement => {
  const { feature } = row;
  switch (row.kind) {
    case 'switch':
      return { kind: 'switch', feature, enabled: must(row.enabled, `${feature}: enabled`) };
    case 'limit':
      return { kind: 'limit', feature, limit: must(row.limit, `${feature}: limit`) };
    case 'level':
      return { kind: 'level', feature, level: must(row.level, `${feature}: level`) };
    default:
      assert(row.kind === 'unlimited', `${feature} is a ${row.kind}`);
      return { kind: 'unlimited', feature };
  }
};

const fromItemRow = (row: VersionRow['items'][number]): PlanItem => ({
  key: row.key,
  icon: row.icon,
  models: row.models,
  quota: row.quota,
  reset: Reset.parse(row.reset),
  overage: Overage.parse(row.overage),
  texts: ItemTexts.parse(row.translations),
});

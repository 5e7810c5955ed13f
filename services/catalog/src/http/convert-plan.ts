import { type ApiPlan, type ApiPlanDocument, fromApiMoney, type ListPlans, toApiMoney } from '@quittance/contracts';
import { money } from '@quittance/money';
import { type z } from 'zod';

import { type PlanOfProduct } from '../application/index.ts';
import { type CatalogPolicy } from '../domain/definition.ts';
import { missingTranslations } from '../domain/missing-translations.ts';
import {
  documentOf,
  isPublished,
  type PlanDocument,
  type PlanItem,
  type PriceDefinition,
  type PublishedPlan,
} from '../domain/plan.ts';

type ApiDocument = z.infer<typeof ApiPlanDocument>;
type ApiPlanAnswer = z.infer<typeof ApiPlan>;
type ApiPlanLine = z.infer<typeof ListPlans.answer>['data'][number];

export const fromApiDocument = (document: ApiDocument): PlanDocument => ({
  editionKey: document.editionKey,
  rank: document.rank,
  selfServe: document.selfServe,
  trialDays: document.trialDays,
  texts: document.texts,
  prices: document.prices.map(({ amount, ...terms }) => ({ ...terms, ...fromApiMoney(amount) })),
  entitlements: document.entitlements,
  items: document.items.map(({ id, ...item }) => ({ ...item, key: id })),
});

export const toApiPlan = ({ product, plan }: PlanOfProduct, policy: CatalogPolicy): ApiPlanAnswer => {
  const edited = plan.draft ?? (isPublished(plan) ? documentOf(plan) : null);
  return {
    planId: plan.id,
    productId: product.id,
    productKey: product.key,
    key: plan.key,
    accountId: plan.accountId,
    status: plan.status,
    version: plan.version,
    updatedAt: plan.updatedAt.toISOString(),
    draft: plan.draft && toApiDocument(plan.draft),
    missing: edited === null ? [] : [...missingTranslations(product, edited, policy.languages)],
    published: isPublished(plan) ? toApiVersion(plan) : null,
  };
};

export const toApiVersionLine = ({ current }: PublishedPlan) => ({
  planVersionId: current.id,
  versionNumber: current.number,
  publishedAt: current.publishedAt.toISOString(),
});

export const toApiVersion = (plan: PublishedPlan): NonNullable<ApiPlanAnswer['published']> => ({
  ...toApiVersionLine(plan),
  document: toApiDocument(documentOf(plan)),
  prices: plan.current.prices.map((price) => ({
    ...toApiPrice(price),
    priceId: price.id,
    converted: price.converted,
  })),
});

const toApiDocument = (document: PlanDocument): ApiDocument => ({
  editionKey: document.editionKey,
  rank: document.rank,
  selfServe: document.selfServe,
  trialDays: document.trialDays,
  texts: Object.fromEntries(
    Object.entries(document.texts).map(([language, texts]) => [language, { ...texts, labels: { ...texts.labels } }]),
  ),
  prices: document.prices.map(toApiPrice),
  entitlements: [...document.entitlements],
  items: document.items.map(toApiItem),
});

const toApiPrice = ({ interval, currency, amountMinor, taxBehavior, region }: PriceDefinition) => ({
  interval,
  amount: toApiMoney(money(amountMinor, currency)),
  taxBehavior,
  region,
});

const toApiItem = ({ key, models, texts, ...item }: PlanItem): ApiDocument['items'][number] => ({
  ...item,
  id: key,
  models: [...models],
  texts: { ...texts },
});

export const toApiPlanLine = ({ product, plan }: PlanOfProduct): ApiPlanLine => {
  const shown = plan.current ?? plan.draft;
  return {
    planId: plan.id,
    productId: product.id,
    productKey: product.key,
    editionKey: plan.editionKey,
    key: plan.key,
    accountId: plan.accountId,
    status: plan.status,
    rank: shown?.rank ?? 0,
    selfServe: shown?.selfServe ?? false,
    names: Object.fromEntries(Object.entries(shown?.texts ?? {}).map(([language, { name }]) => [language, name])),
    versionNumber: plan.current?.number ?? null,
    publishedAt: plan.current?.publishedAt.toISOString() ?? null,
    edited: plan.draft !== null,
  };
};

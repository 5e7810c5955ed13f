import { must } from '@quittance/kernel';

import { type Entitlement, type Plan, type Product } from '../domain/plan.ts';
import { type Prisma } from './generated/client.ts';

/** Texts are replaced, editions added; nothing is taken away. */
export const writeProduct = async (tx: Prisma.TransactionClient, product: Product): Promise<void> => {
  const { id, key, prorationBasis } = product;
  await tx.product.upsert({ where: { id }, create: { id, key, prorationBasis }, update: { prorationBasis } });
  for (const [language, texts] of Object.entries(product.texts)) {
    await tx.productTranslation.upsert({
      where: { productId_language: { productId: id, language } },
      create: { productId: id, language, ...texts },
      update: texts,
    });
  }
  await tx.edition.createMany({
    data: Object.entries(product.editions).map(([edition, editionId]) => ({
      id: editionId,
      productId: id,
      key: edition,
    })),
    skipDuplicates: true,
  });
};

/** The plan's current version with everything it freezes, and the plan pointing at it. */
export const writePlan = async (tx: Prisma.TransactionClient, product: Product, plan: Plan): Promise<void> => {
  const { current } = plan;
  const state = {
    editionId: must(product.editions[plan.editionKey], `edition ${plan.editionKey} of ${product.key}`),
    accountId: plan.accountId,
    status: plan.status,
    version: plan.version,
    currentVersionId: current.id,
    updatedAt: plan.updatedAt,
  };
  await tx.plan.upsert({
    where: { id: plan.id },
    create: { id: plan.id, productId: product.id, key: plan.key, ...state },
    update: state,
  });
  await tx.planVersion.create({
    data: {
      id: current.id,
      planId: plan.id,
      number: current.number,
      rank: current.rank,
      selfServe: current.selfServe,
      trialDays: current.trialDays,
      publishedAt: current.publishedAt,
    },
  });
  const planVersionId = current.id;
  await tx.planTranslation.createMany({
    data: Object.entries(current.texts).map(([language, { name, description, callToAction, labels }]) => ({
      planVersionId,
      language,
      name,
      description,
      callToAction,
      labels,
    })),
  });
  await tx.price.createMany({ data: current.prices.map((price) => ({ ...price, planVersionId })) });
  await tx.entitlement.createMany({
    data: current.entitlements.map((entitlement, position) => ({
      planVersionId,
      position,
      ...toEntitlementRow(entitlement),
    })),
  });
  await tx.item.createMany({
    data: current.items.map(({ texts, models, ...item }, position) => ({
      ...item,
      planVersionId,
      position,
      models: [...models],
      translations: Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, { ...text }])),
    })),
  });
};

const toEntitlementRow = (entitlement: Entitlement) => ({
  feature: entitlement.feature,
  kind: entitlement.kind,
  enabled: entitlement.kind === 'switch' ? entitlement.enabled : null,
  limit: entitlement.kind === 'limit' ? entitlement.limit : null,
  level: entitlement.kind === 'level' ? entitlement.level : null,
});

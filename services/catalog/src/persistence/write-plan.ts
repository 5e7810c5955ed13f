import { versionedUpdate } from '@quittance/database';
import { must } from '@quittance/kernel';

import { type Entitlement, type Plan, type Product, type PublishedPlan } from '../domain/plan.ts';
import { toDocumentJson } from './document-json.ts';
import { Prisma } from './generated/client.ts';

export const insertProduct = async (tx: Prisma.TransactionClient, product: Product): Promise<void> => {
  const { id, key, prorationBasis, version } = product;
  await tx.product.create({ data: { id, key, prorationBasis, version } });
  await writeParts(tx, product);
};

export const updateProduct = async (
  tx: Prisma.TransactionClient,
  product: Product,
  expectedVersion: number,
): Promise<void> => {
  const { id, key, prorationBasis, version } = product;
  await versionedUpdate(
    tx.product.updateMany({ where: { id, version: expectedVersion }, data: { prorationBasis, version } }),
    `Product ${key}`,
  );
  await writeParts(tx, product);
};

/** Texts and meters are replaced, editions added. */
const writeParts = async (tx: Prisma.TransactionClient, product: Product): Promise<void> => {
  const { id } = product;
  await tx.productTranslation.deleteMany({ where: { productId: id } });
  await tx.productTranslation.createMany({
    data: Object.entries(product.texts).map(([language, texts]) => ({ productId: id, language, ...texts })),
  });
  await tx.meter.deleteMany({ where: { productId: id } });
  await tx.meter.createMany({
    data: product.meters.map(({ key, unit, aggregation, texts }, position) => ({
      productId: id,
      key,
      position,
      unit,
      aggregation,
      translations: Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, { ...text }])),
    })),
  });
  await tx.edition.createMany({
    data: Object.entries(product.editions).map(([edition, editionId]) => ({
      id: editionId,
      productId: id,
      key: edition,
    })),
    skipDuplicates: true,
  });
};

/** The plan itself, without its versions. */
export const writePlan = async (
  tx: Prisma.TransactionClient,
  { product, plan, expectedVersion }: { product: Product; plan: Plan; expectedVersion: number | null },
): Promise<void> => {
  const state = {
    editionId: must(product.editions[plan.editionKey], `edition ${plan.editionKey} of ${product.key}`),
    accountId: plan.accountId,
    status: plan.status,
    version: plan.version,
    currentVersionId: plan.current?.id ?? null,
    draft: plan.draft === null ? NO_DRAFT : toDocumentJson(plan.draft),
    updatedAt: plan.updatedAt,
  };
  if (expectedVersion === null) {
    await tx.plan.create({ data: { id: plan.id, productId: product.id, key: plan.key, ...state } });
    return;
  }
  await versionedUpdate(
    tx.plan.updateMany({ where: { id: plan.id, version: expectedVersion }, data: state }),
    `Plan ${plan.key}`,
  );
};

/** SQL's NULL, not the JSON value. */
const NO_DRAFT = Prisma.DbNull;

/** The plan's current version with everything it freezes. */
export const writeVersion = async (
  tx: Prisma.TransactionClient,
  { id: planId, current }: PublishedPlan,
): Promise<void> => {
  await tx.planVersion.create({
    data: {
      id: current.id,
      planId,
      number: current.number,
      rank: current.rank,
      selfServe: current.selfServe,
      trialDays: current.trialDays,
      prorationBasis: current.prorationBasis,
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

import {
  type AuditEntry,
  type Clock,
  type Id,
  type NewId,
  platformFail,
  type UnitOfWork,
  type WallClock,
} from '@quittance/kernel';

import { type CatalogPolicy } from '../domain/definition.ts';
import { type CatalogMessage } from '../domain/messages.ts';
import { type Catalog, type Plan, type Product } from '../domain/plan.ts';
import { type ChangeCatalog } from './change-catalog.ts';
import { type CatalogStore } from './ports.ts';

/** What every use case that edits or publishes works with. */
export interface EditDeps {
  readonly store: CatalogStore;
  readonly unitOfWork: UnitOfWork<CatalogMessage>;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly newId: NewId;
  readonly policy: CatalogPolicy;
  /** How long the event is that tells this. */
  readonly eventBytes: (message: CatalogMessage) => number;
}

/** And those that change what is on sale. */
export interface ChangeDeps extends EditDeps {
  readonly changeCatalog: ChangeCatalog;
}

export interface PlanOfProduct {
  readonly product: Product;
  readonly plan: Plan;
}

/** @throws `platform.not_found` */
export const planIn = (catalog: Catalog, id: Id<'pln'>): PlanOfProduct => {
  for (const product of catalog.products) {
    const plan = product.plans.find((each) => each.id === id);
    if (plan !== undefined) return { product, plan };
  }
  throw platformFail('platform.not_found', `There is no plan ${id}.`);
};

/** @throws `platform.not_found` */
export const productIn = (catalog: Catalog, id: Id<'prd'>): Product => {
  const product = catalog.products.find((each) => each.id === id);
  if (product === undefined) throw platformFail('platform.not_found', `There is no product ${id}.`);
  return product;
};

/** What somebody did to a plan, and which of its version. */
export const planEntry = (action: AuditEntry['action'], { product, plan }: PlanOfProduct): AuditEntry => ({
  action,
  subject: { type: 'plan', id: plan.id },
  accountId: plan.accountId,
  after: { product: product.key, plan: plan.key, status: plan.status, version: plan.version },
});

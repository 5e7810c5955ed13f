import { type Id, type Write } from '@quittance/kernel';
import { type Currency } from '@quittance/money';

import { type ExchangeRate } from '../domain/definition.ts';
import { type Catalog, type Plan, type PlanVersion, type Product, type PublishedPlan } from '../domain/plan.ts';

/** The catalogue in the database. */
export interface CatalogStore {
  /** The current revision; cheap. */
  revision(): Promise<number>;
  /** Every product with the current version of every plan, and the revision they belong to. */
  load(): Promise<Catalog>;
  /** Every version of a plan that is newer than number `after`, oldest first, a few at a time. */
  versionsOf(
    plan: Pick<Plan, 'id'>,
    product: Pick<Product, 'prorationBasis'>,
    after?: number,
  ): AsyncIterable<PlanVersion>;
  version(plan: Pick<Plan, 'id'>, product: Pick<Product, 'prorationBasis'>, id: Id<'plv'>): Promise<PlanVersion | null>;
  rates(): Promise<readonly ExchangeRate[]>;
  /** First write of every change: throws `platform.version_conflict` when the catalogue is not at `from` any more. */
  moveOn(from: number, to: number): Write;
  /** Its plans are saved apart. Throws `catalog.key_taken`. */
  insertProduct(product: Product): Write;
  /** Texts and meters are replaced, editions added. Throws `platform.version_conflict` unless it is at `expectedVersion`. */
  updateProduct(product: Product, expectedVersion: number): Write;
  /**
   * The plan without its versions. `expectedVersion` null is a new one: throws `catalog.key_taken`; otherwise
   * `platform.version_conflict` unless it is at that version.
   */
  savePlan(product: Product, plan: Plan, expectedVersion: number | null): Write;
  /** The plan's current version with everything it freezes. */
  addVersion(plan: PublishedPlan): Write;
  /** All rates from `base`, instead of those before. */
  replaceRates(base: Currency, rates: readonly ExchangeRate[]): Write;
  /** Adds rates that are not there; known ones stay, an operator may have changed them. */
  addRates(rates: readonly ExchangeRate[]): Write;
}

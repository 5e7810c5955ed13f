import { type Write } from '@quittance/kernel';

import { type ExchangeRate } from '../domain/definition.ts';
import { type Catalog, type Plan, type Product } from '../domain/plan.ts';

/** The catalogue in the database. */
export interface CatalogStore {
  /** The current revision; cheap. */
  revision(): Promise<number>;
  /** Every product with the current version of every plan, and the revision they belong to. */
  load(): Promise<Catalog>;
  rates(): Promise<readonly ExchangeRate[]>;
  /** First write of every change: throws `platform.version_conflict` when the catalogue is not at `from` any more. */
  moveOn(from: number, to: number): Write;
  /** Adds the product, and the texts and editions it did not have; texts are replaced. Its plans are saved apart. */
  saveProduct(product: Product): Write;
  /** Adds the plan's current version and points the plan at it. */
  savePlan(product: Product, plan: Plan): Write;
  /** Adds rates that are not there; known ones stay, an operator may have changed them. */
  addRates(rates: readonly ExchangeRate[]): Write;
}

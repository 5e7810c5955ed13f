import { type WallClock } from '@quittance/kernel';

import { type Catalog } from '../domain/plan.ts';
import { type CatalogStore } from './ports.ts';

/** The catalogue from memory, at most half a second older than the database. */
export type CurrentCatalog = () => Promise<Catalog>;

const FRESH_MS = 500;

/**
 * Asks for the revision at most every 500 ms and loads again only when it moved, once for all who wait. While the
 * database does not answer, what was on sale last is still on sale: versions are immutable, so it is never wrong,
 * only old.
 */
export const makeCurrentCatalog = (deps: {
  readonly store: Pick<CatalogStore, 'revision' | 'load'>;
  readonly wallClock: WallClock;
  readonly onStale: (error: unknown) => void;
}): CurrentCatalog => {
  let known: { readonly catalog: Catalog; readonly checkedAtMs: number } | null = null;
  let checking: Promise<Catalog> | null = null;

  const check = async (): Promise<Catalog> => {
    const before = known?.catalog ?? null;
    try {
      const current = before !== null && (await deps.store.revision()) === before.revision;
      return current ? before : await deps.store.load();
    } catch (error) {
      if (before === null) throw error;
      deps.onStale(error);
      return before;
    }
  };

  return () => {
    const nowMs = deps.wallClock.nowMs();
    if (known !== null && Math.abs(nowMs - known.checkedAtMs) < FRESH_MS) return Promise.resolve(known.catalog);
    checking ??= check()
      .then((catalog) => {
        known = { catalog, checkedAtMs: nowMs };
        return catalog;
      })
      .finally(() => {
        checking = null;
      });
    return checking;
  };
};

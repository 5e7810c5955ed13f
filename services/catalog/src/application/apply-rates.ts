import { must } from '@quittance/kernel';

import { decideNewVersion } from '../domain/decide-publication.ts';
import { refuseTooLarge } from '../domain/messages.ts';
import { documentOf, isPublished, type Product, type PublishedPlan } from '../domain/plan.ts';
import { type PriceChange, priceChanges } from '../domain/reconversion.ts';
import { type ChangeDeps, versionAfter } from './plan-changes.ts';
import { publishedEntry } from './publish-catalog.ts';

export interface Reconversion {
  readonly product: Product;
  readonly before: PublishedPlan;
  readonly after: PublishedPlan;
  readonly prices: readonly PriceChange[];
}

export interface ApplyRates {
  /** What `apply` would do now. */
  preview(): Promise<readonly Reconversion[]>;
  /**
   * Every plan on sale at today's rates, all of them or none; drafts stay drafts. `mayChange` throws unless the caller
   * has seen this.
   *
   * @throws as publishing but for texts, `platform.version_conflict` when somebody changed the catalogue meanwhile
   */
  apply(mayChange: (seen: readonly Reconversion[]) => void): Promise<readonly Reconversion[]>;
}

export const makeApplyRates = (deps: ChangeDeps): ApplyRates => ({
  preview: async () => (await decide(deps)).changes,
  apply: async (mayChange) => {
    const { revision, changes } = await decide(deps);
    mayChange(changes);
    if (changes.length === 0) return [];
    const base = must(deps.policy.currencies[0], 'a base currency');
    await deps.unitOfWork.commit({
      writes: [
        deps.store.moveOn(revision, versionAfter(revision, deps)),
        ...changes.flatMap(({ product, before, after }) => [
          deps.store.savePlan(product, after, before.version),
          deps.store.addVersion(after),
        ]),
      ],
      messages: changes.map(({ product, after }) => ({ type: 'plan_published', product, plan: after })),
      audit: [
        {
          action: 'exchange_rates.applied',
          subject: { type: 'exchange_rates', id: base },
          accountId: null,
          after: { plans: changes.map(({ product, after }) => `${product.key}/${after.key}`) },
        },
        ...changes.map(({ product, after }) => publishedEntry(product, after)),
      ],
    });
    return changes;
  },
});

const decide = async (deps: ChangeDeps) => {
  const [{ revision, products }, rates] = await Promise.all([deps.store.load(), deps.store.rates()]);
  const changes = products.flatMap((product) =>
    product.plans
      .filter(isPublished)
      .filter(({ status }) => status === 'published')
      .flatMap((before): readonly Reconversion[] => {
        const next = decideNewVersion({
          product,
          definition: { ...documentOf(before), key: before.key, accountId: before.accountId },
          existing: before,
          policy: deps.policy,
          rates,
          now: deps.clock.now(),
          nextVersion: versionAfter(before.version, deps),
          newId: deps.newId,
        });
        if (next === null) return [];
        const prices = priceChanges(before, next);
        const after = { ...next, draft: before.draft };
        refuseTooLarge({ type: 'plan_published', product, plan: after }, deps.eventBytes);
        return prices.length === 0 ? [] : [{ product, before, after, prices }];
      }),
  );
  return { revision, changes };
};

import { type Id, must } from '@quittance/kernel';

import { checkDocument } from '../domain/check-document.ts';
import { decidePublication, definitionOf } from '../domain/decide-publication.ts';
import { catalogFail } from '../domain/errors.ts';
import { refuseTooLarge } from '../domain/messages.ts';
import { isPublished, type Plan } from '../domain/plan.ts';
import { type CatalogDecision } from './change-catalog.ts';
import { type ChangeDeps, planEntry, planIn, type PlanOfProduct } from './plan-changes.ts';
import { publishedEntry } from './publish-catalog.ts';
import { versionAfter } from './version-after.ts';

/** Throws unless the caller may go on from this version. */
export type MayChange = (version: number) => void;

export type PublishPlan = (id: Id<'pln'>, mayChange: MayChange) => Promise<PlanOfProduct>;

/**
 * Puts the draft on sale as a new version; without a draft, what was on sale before, at today's exchange rates.
 *
 * @throws `catalog.translation_missing` (says which languages), `catalog.price_missing`, `catalog.rate_missing`,
 * `catalog.price_too_high`, `catalog.price_too_low`, `catalog.plan_too_large`, and what `checkDocument` refuses
 */
export const makePublishPlan =
  (deps: ChangeDeps): PublishPlan =>
  (id, mayChange) =>
    deps.changeCatalog(async (catalog) => {
      const { product, plan: before } = planIn(catalog, id);
      mayChange(before.version);
      // It may have been saved before a rule came, or a currency went.
      if (before.draft !== null) checkDocument(before.draft, { product, before: before.draft }, deps.policy);
      const nextVersion = versionAfter(before.version, deps);
      const after = decidePublication({
        product,
        definition: must(definitionOf(before), `a document of plan ${id}`),
        existing: before,
        policy: deps.policy,
        rates: await deps.store.rates(),
        now: deps.clock.now(),
        nextVersion,
        newId: deps.newId,
      });
      if (after === null) return forgetDraft(deps, { product, plan: before }, nextVersion);
      refuseTooLarge({ type: 'plan_published', product, plan: after }, deps.eventBytes);
      return {
        commit: {
          writes: [deps.store.savePlan(product, after, before.version), deps.store.addVersion(after)],
          messages: [{ type: 'plan_published', product, plan: after }],
          audit: [publishedEntry(product, after)],
        },
        answer: { product, plan: after },
      };
    });

/** The draft says what is on sale already: no new version, and nothing left to publish. */
const forgetDraft = (
  deps: ChangeDeps,
  { product, plan }: PlanOfProduct,
  version: number,
): CatalogDecision<PlanOfProduct> => {
  if (plan.draft === null) return { commit: null, answer: { product, plan } };
  const after: Plan = { ...plan, draft: null, version, updatedAt: deps.clock.now() };
  const record = planEntry('plan.published', { product, plan: after });
  return {
    commit: {
      writes: [deps.store.savePlan(product, after, plan.version)],
      messages: [],
      audit: [{ ...record, reason: 'It says what was on sale already.' }],
    },
    answer: { product, plan: after },
  };
};

export type RetirePlan = (id: Id<'pln'>, mayChange: MayChange) => Promise<PlanOfProduct>;

/** Nobody new can buy it. @throws `catalog.not_published` */
export const makeRetirePlan =
  (deps: ChangeDeps): RetirePlan =>
  (id, mayChange) =>
    deps.changeCatalog((catalog) => {
      const { product, plan } = planIn(catalog, id);
      mayChange(plan.version);
      if (plan.status === 'retired') return { commit: null, answer: { product, plan } };
      if (!isPublished(plan)) throw catalogFail('catalog.not_published', `Plan ${plan.key} was never published.`);
      const retired = {
        ...plan,
        status: 'retired' as const,
        version: versionAfter(plan.version, deps),
        updatedAt: deps.clock.now(),
      };
      return {
        commit: {
          writes: [deps.store.savePlan(product, retired, plan.version)],
          messages: [{ type: 'plan_published', product, plan: retired }],
          audit: [planEntry('plan.retired', { product, plan: retired })],
        },
        answer: { product, plan: retired },
      };
    });

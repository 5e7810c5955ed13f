import { type Id } from '@quittance/kernel';

import { recordOfDocument } from '../domain/document-record.ts';
import { catalogFail } from '../domain/errors.ts';
import { isPublished, type Plan } from '../domain/plan.ts';
import { type EditDeps, planEntry, planIn, type PlanOfProduct } from './plan-changes.ts';
import { type MayChange } from './publish-plan.ts';
import { versionAfter } from './version-after.ts';

export type DiscardDraft = (id: Id<'pln'>, mayChange: MayChange) => Promise<PlanOfProduct>;

/** What was edited is given up; what is on sale, or was, stays as it is. @throws `catalog.not_published` */
export const makeDiscardDraft =
  (deps: EditDeps): DiscardDraft =>
  async (id, mayChange) => {
    const { product, plan: before } = planIn(await deps.store.load(), id);
    if (before.draft === null) return { product, plan: before };
    mayChange(before.version);
    if (!isPublished(before)) {
      throw catalogFail('catalog.not_published', `Plan ${before.key} was never published: its draft is all there is.`);
    }
    const plan: Plan = {
      ...before,
      draft: null,
      version: versionAfter(before.version, deps),
      updatedAt: deps.clock.now(),
    };
    await deps.unitOfWork.commit({
      writes: [deps.store.savePlan(product, plan, before.version)],
      messages: [],
      audit: [
        {
          ...planEntry('plan.draft_discarded', { product, plan }),
          before: recordOfDocument(before.draft),
        },
      ],
    });
    return { product, plan };
  };

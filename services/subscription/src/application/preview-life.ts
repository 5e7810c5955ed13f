import { type AccountScope, must } from '@quittance/kernel';

import { type LifePreview, previewLife } from '../domain/preview-life.ts';
import { gatherLife, type GatherLifeDeps, type LifeRequest } from './gather-life.ts';

export type PreviewLife = ReturnType<typeof makePreviewLife>;

/** What a step would do, to look at before it is taken. */
export const makePreviewLife =
  (deps: GatherLifeDeps) =>
  async (scope: AccountScope, request: Omit<LifeRequest, 'reason'>): Promise<LifePreview> => {
    const facts = await gatherLife(deps, scope, { ...request, reason: null });
    const { planVersionId } = facts.subscription;
    const bought = must(await deps.plans.findVersion(planVersionId), `plan version ${planVersionId}`);
    return previewLife(facts, bought.prorationBasis);
  };

import { type AccountId, type AuditEntry, type Id } from '@quittance/kernel';

import { checkDocument } from '../domain/check-document.ts';
import { changedTextsOfDocument, recordOfDocument } from '../domain/document-record.ts';
import { catalogFail } from '../domain/errors.ts';
import { documentOf, isPublished, type Plan, type PlanDocument } from '../domain/plan.ts';
import { type EditDeps, planEntry, planIn, type PlanOfProduct, productIn } from './plan-changes.ts';
import { versionAfter } from './version-after.ts';

export interface NewPlan {
  /** Chosen by the idempotency key, so that a repeated request creates nothing twice. */
  readonly id: Id<'pln'>;
  readonly productId: Id<'prd'>;
  readonly key: string;
  readonly accountId: AccountId | null;
  readonly document: PlanDocument;
}

export type CreatePlan = (wanted: NewPlan) => Promise<PlanOfProduct>;

/**
 * A plan as a draft.
 *
 * @throws `catalog.key_taken`, `platform.not_found` without the product, and what `checkDocument` refuses.
 */
export const makeCreatePlan =
  (deps: EditDeps): CreatePlan =>
  async ({ id, productId, key, accountId, document }) => {
    const product = productIn(await deps.store.load(), productId);
    const before = product.plans.find((plan) => plan.key === key);
    if (before !== undefined && before.id === id) return { product, plan: before };
    if (before !== undefined) throw catalogFail('catalog.key_taken', `${product.key} has a plan ${key} already.`);
    checkDocument(document, { product, before: null }, deps.policy);
    const plan: Plan = {
      id,
      key,
      editionKey: document.editionKey,
      accountId,
      status: 'draft',
      version: versionAfter(0, deps),
      updatedAt: deps.clock.now(),
      current: null,
      draft: document,
    };
    await deps.unitOfWork.commit({
      writes: [deps.store.savePlan(product, plan, null)],
      messages: [],
      audit: [withDocument(planEntry('plan.created', { product, plan }), document)],
    });
    return { product, plan };
  };

export type EditPlan = (
  id: Id<'pln'>,
  document: PlanDocument,
  /** Throws unless the caller has read this version. */
  mustHaveRead: (version: number) => void,
) => Promise<PlanOfProduct>;

/** Keeps the document as the plan's draft; what is on sale stays as it is until it is published. */
export const makeEditPlan =
  (deps: EditDeps): EditPlan =>
  async (id, document, mustHaveRead) => {
    const { product, plan: before } = planIn(await deps.store.load(), id);
    mustHaveRead(before.version);
    const edited = before.draft ?? (isPublished(before) ? documentOf(before) : null);
    checkDocument(document, { product, before: edited }, deps.policy);
    const plan: Plan = {
      ...before,
      draft: document,
      version: versionAfter(before.version, deps),
      updatedAt: deps.clock.now(),
    };
    await deps.unitOfWork.commit({
      writes: [deps.store.savePlan(product, plan, before.version)],
      messages: [],
      audit: [
        {
          ...withDocument(planEntry('plan.edited', { product, plan }), document, edited),
          ...(edited === null ? {} : { before: recordOfDocument(edited) }),
        },
      ],
    });
    return { product, plan };
  };

/** What is in the document, and which texts it says otherwise than before. */
const withDocument = (entry: AuditEntry, document: PlanDocument, before: PlanDocument | null = null): AuditEntry => ({
  ...entry,
  after: {
    ...entry.after,
    ...recordOfDocument(document),
    ...(before === null ? {} : { changedTexts: changedTextsOfDocument(before, document) }),
  },
});

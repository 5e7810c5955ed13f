import {
  CreatePlan,
  DiscardDraft,
  EditPlan,
  GetPlan,
  GetPlanVersion,
  ListPlans,
  ListPlanVersions,
  PublishPlan,
  RetirePlan,
} from '@quittance/contracts';
import { checkIfMatch, created, handle, ok, type RequestFacts, requireIfMatch, type Route } from '@quittance/http';

import {
  type CreatePlan as CreateOnePlan,
  type DiscardDraft as DiscardOneDraft,
  type EditPlan as EditOnePlan,
  type PlanOfProduct,
  type PublishPlan as PublishOnePlan,
  type ReadPlans,
  type RetirePlan as RetireOnePlan,
} from '../application/index.ts';
import { type CatalogPolicy } from '../domain/definition.ts';
import { fromApiDocument, toApiPlan, toApiPlanLine, toApiVersion, toApiVersionLine } from './convert-plan.ts';

export interface PlanUseCases {
  readonly readPlans: ReadPlans;
  readonly createPlan: CreateOnePlan;
  readonly editPlan: EditOnePlan;
  readonly publishPlan: PublishOnePlan;
  readonly retirePlan: RetireOnePlan;
  readonly discardDraft: DiscardOneDraft;
  readonly policy: CatalogPolicy;
}

export const planRoutes = (useCases: PlanUseCases): readonly Route[] => {
  const { readPlans, createPlan, editPlan, publishPlan, retirePlan, discardDraft, policy } = useCases;
  const tagged = (plan: PlanOfProduct) => [toApiPlan(plan, policy), { etag: String(plan.plan.version) }] as const;
  return [
    handle(ListPlans, async ({ query }) => {
      const { plans, nextCursor } = await readPlans.list({
        productKey: query.product ?? null,
        accountId: query.account ?? null,
        status: query.status ?? null,
        limit: query.limit,
        after: query.after ?? null,
      });
      return ok({ data: plans.map(toApiPlanLine), nextCursor });
    }),
    handle(GetPlan, async ({ params }) => ok(...tagged(await readPlans.one(params.id)))),
    handle(ListPlanVersions, async ({ params, query }) => {
      const { plans, nextCursor } = await readPlans.versions(params.id, {
        limit: query.limit,
        after: query.after ?? null,
      });
      return ok({ data: plans.map(toApiVersionLine), nextCursor });
    }),
    handle(GetPlanVersion, async ({ params }) => ok(toApiVersion(await readPlans.version(params.id, params.version)))),
    handle(CreatePlan, async ({ body: { productId, key, accountId, ...document }, request }) => {
      const wanted = { id: request.reservedId('pln'), productId, key, accountId: accountId ?? null };
      return created(...tagged(await createPlan({ ...wanted, document: fromApiDocument(document) })));
    }),
    handle(EditPlan, async ({ params, body, request }) => {
      const mustHaveRead = (version: number) => requireIfMatch(request.headers('if-match'), String(version));
      return ok(...tagged(await editPlan(params.id, fromApiDocument(body), mustHaveRead)));
    }),
    handle(PublishPlan, async ({ params, request }) =>
      ok(...tagged(await publishPlan(params.id, unlessChanged(request)))),
    ),
    handle(RetirePlan, async ({ params, request }) =>
      ok(...tagged(await retirePlan(params.id, unlessChanged(request)))),
    ),
    handle(DiscardDraft, async ({ params, request }) =>
      ok(...tagged(await discardDraft(params.id, unlessChanged(request)))),
    ),
  ];
};

const unlessChanged = (request: RequestFacts) => (version: number) =>
  checkIfMatch(request.headers('if-match'), String(version));

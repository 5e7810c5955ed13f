import { GetPlanMove, ListPlanMoves, PreviewPlanMove, StartPlanMove } from '@quittance/contracts';
import { accepted, handle, ok } from '@quittance/http';
import { actorOf } from '@quittance/kernel';

import { type MovePlan } from '../application/index.ts';
import { toApiPlanMove, toApiPlanMoveView } from './convert-plan-move.ts';

export const previewPlanMoveHandler = (movePlan: MovePlan) =>
  handle(PreviewPlanMove, async ({ params, query, request }) => {
    const page = { limit: query.limit, after: null };
    const asked = { planId: params.id, toVersionId: query.toVersionId ?? null };
    return ok(toApiPlanMoveView(await movePlan.preview(request.reservedId('mov'), asked, page)));
  });

export const startPlanMoveHandler = (movePlan: MovePlan) =>
  handle(StartPlanMove, async ({ params, body, principal }) => {
    const asked = { planId: params.id, quote: body.quote, reason: body.reason ?? null };
    return accepted(toApiPlanMove(await movePlan.start({ ...asked, requestedBy: actorOf(principal) })));
  });

export const listPlanMovesHandler = (movePlan: MovePlan) =>
  handle(ListPlanMoves, async ({ params, query }) => {
    const { items, nextCursor } = await movePlan.list(params.id, { limit: query.limit, after: query.after ?? null });
    return ok({ data: items.map(toApiPlanMove), nextCursor });
  });

export const getPlanMoveHandler = (movePlan: MovePlan) =>
  handle(GetPlanMove, async ({ params, query }) => {
    const page = { limit: query.limit, after: query.after ?? null };
    const view = await movePlan.read(params.id, params.move, { status: query.status ?? null, page });
    return ok(toApiPlanMoveView(view));
  });

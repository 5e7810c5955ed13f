import { type Actor, type Clock, type Id, platformFail } from '@quittance/kernel';

import { previewMove } from '../domain/decide-move.ts';
import { subscriptionFail } from '../domain/errors.ts';
import { type MovedRowStatus, moveStartedEntry, type PlanMove, type PlanMoveRow } from '../domain/plan-move.ts';
import { type Plan } from '../domain/plan.ts';
import { gatherMoves, type GatherMovesDeps } from './gather-moves.ts';
import { type MoveSummary, type PlanMoves } from './plan-move-ports.ts';
import { type Page, type PageRequest, type SubscriptionUnitOfWork } from './ports.ts';

interface Deps extends GatherMovesDeps {
  readonly planMoves: PlanMoves;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
}

export interface PlanMoveView {
  readonly move: PlanMove;
  readonly summary: MoveSummary;
  readonly rows: Page<PlanMoveRow>;
}

export interface PreviewRequest {
  readonly planId: Id<'pln'>;
  /** The version that whoever asks knows to be the newest; null: whichever is, as far as is known here. */
  readonly toVersionId: Id<'plv'> | null;
}

export interface MoveRequest {
  readonly planId: Id<'pln'>;
  /** The preview that was shown. */
  readonly quote: Id<'mov'>;
  readonly reason: string | null;
  readonly requestedBy: Actor;
}

export type MovePlan = ReturnType<typeof makeMovePlan>;

const BATCH = 500;
/** A preview may be read and talked over for a day; what changes in it meanwhile is not moved. */
const PREVIEW_MS_MAX = 24 * 60 * 60 * 1000;

/** Moves everybody who is on an older version of a plan: previewed row by row, then done as previewed. */
export const makeMovePlan = (deps: Deps) => ({
  /** Thinks every subscription through and keeps what it found: pages of it, and the move itself, are read from there. */
  preview: async (id: Id<'mov'>, { planId, toVersionId }: PreviewRequest, page: PageRequest): Promise<PlanMoveView> => {
    const target = await (toVersionId === null ? newestOf(deps, planId) : named(deps, planId, toVersionId));
    const now = deps.clock.now();
    const move = previewOf(id, target, now);
    await deps.unitOfWork.commit({
      writes: [
        deps.planMoves.dropPreviews(planId, new Date(now.getTime() - PREVIEW_MS_MAX)),
        deps.planMoves.insert(move),
      ],
      messages: [],
      audit: [],
    });
    await keepRows(deps, move, target);
    return view(deps, move, { status: null, page });
  },

  start: async (request: MoveRequest): Promise<PlanMove> => {
    const move = await ofPlan(deps, request.planId, request.quote);
    if (move.status !== 'previewed') return move;
    const now = deps.clock.now();
    await refuseStale(deps, move, now);
    const { reason, requestedBy } = request;
    const running: PlanMove = { ...move, status: 'running', reason, requestedBy, startedAt: now };
    const { counts } = await deps.planMoves.summary(move.id);
    await deps.unitOfWork.commit({
      writes: [deps.planMoves.update(running, 'previewed')],
      messages: [],
      audit: [moveStartedEntry(running, counts.planned)],
      correlationId: move.id,
    });
    return running;
  },

  read: async (
    planId: Id<'pln'>,
    id: Id<'mov'>,
    asked: { readonly status: MovedRowStatus | null; readonly page: PageRequest },
  ): Promise<PlanMoveView> => view(deps, await ofPlan(deps, planId, id), asked),

  list: (planId: Id<'pln'>, page: PageRequest): Promise<Page<PlanMove>> => deps.planMoves.list(planId, page),
});

const newestOf = async ({ plans }: Deps, planId: Id<'pln'>): Promise<Plan> => {
  const plan = await plans.findCurrent(planId);
  if (plan === null) throw platformFail('platform.not_found', `There is no plan ${planId}.`);
  if (plan.status === 'published') return plan;
  throw subscriptionFail('subscription.plan_not_for_sale', `Plan ${plan.key} is retired: there is nothing to move to.`);
};

/** Who has just published is not told of an older version, and that nobody is on one, while news of it is on its way. */
const named = async (deps: Deps, planId: Id<'pln'>, toVersionId: Id<'plv'>): Promise<Plan> => {
  const known = await deps.plans.findVersion(toVersionId);
  if (known?.planId !== planId) {
    throw subscriptionFail(
      'subscription.version_not_here',
      `Version ${toVersionId} of plan ${planId} is not known here.`,
    );
  }
  const newest = await newestOf(deps, planId);
  if (newest.planVersionId === toVersionId) return newest;
  throw subscriptionFail(
    'subscription.version_superseded',
    `Plan ${newest.key} was published anew since version ${toVersionId}.`,
    { details: { newestVersionId: newest.planVersionId } },
  );
};

const previewOf = (id: Id<'mov'>, target: Plan, now: Date): PlanMove => ({
  id,
  planId: target.planId,
  planKey: target.key,
  toVersionId: target.planVersionId,
  status: 'previewed',
  reason: null,
  requestedBy: null,
  createdAt: now,
  startedAt: null,
  finishedAt: null,
});

/** Batch by batch: who dies in between leaves a preview that nobody was told of. */
const keepRows = async (deps: Deps, move: PlanMove, target: Plan): Promise<void> => {
  for (let after = ''; ;) {
    const batch = await deps.planMoves.onOlderVersions(target, { limit: BATCH, after });
    const last = batch.at(-1);
    if (last === undefined) return;
    const facts = await gatherMoves(deps, target, batch);
    const rows = facts.map((one) => previewMove(move.id, one));
    await deps.unitOfWork.commit({ writes: [deps.planMoves.insertRows(rows)], messages: [], audit: [] });
    after = last.id;
  }
};

const view = async (
  { planMoves }: Deps,
  move: PlanMove,
  { status, page }: { readonly status: MovedRowStatus | null; readonly page: PageRequest },
): Promise<PlanMoveView> => {
  const [summary, rows] = await Promise.all([planMoves.summary(move.id), planMoves.rows(move.id, { status }, page)]);
  return { move, summary, rows };
};

const ofPlan = async ({ planMoves }: Deps, planId: Id<'pln'>, id: Id<'mov'>): Promise<PlanMove> => {
  const move = await planMoves.find(id);
  if (move !== null && move.planId === planId) return move;
  throw platformFail('platform.not_found', `There is no move ${id} of plan ${planId}.`);
};

const refuseStale = async (deps: Deps, move: PlanMove, now: Date): Promise<void> => {
  const newest = await newestOf(deps, move.planId);
  if (newest.planVersionId !== move.toVersionId) {
    throw subscriptionFail('subscription.quote_stale', `Plan ${move.planKey} was published anew since the preview.`);
  }
  if (now.getTime() - move.createdAt.getTime() <= PREVIEW_MS_MAX) return;
  throw subscriptionFail('subscription.quote_stale', `The preview of ${move.createdAt.toISOString()} is too old.`);
};

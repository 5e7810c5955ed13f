import { type Id, isDomainError, must, type NewId, type WallClock } from '@quittance/kernel';

import { decideMove, failMove, type MoveDecision, type MoveFacts } from '../domain/decide-move.ts';
import { moveFinishedEntry, type PlanMove, type PlanMoveRow } from '../domain/plan-move.ts';
import { gatherMoves, type GatherMovesDeps } from './gather-moves.ts';
import { type PlanMoves } from './plan-move-ports.ts';
import { type NextVersion, type Subscriptions, type SubscriptionUnitOfWork } from './ports.ts';
import { workApart } from './work-apart.ts';

interface Deps extends GatherMovesDeps {
  readonly planMoves: PlanMoves;
  readonly subscriptions: Subscriptions;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly wallClock: WallClock;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

/** `again` while there may be more. */
export type SettlePlanMoves = () => Promise<'again' | 'idle'>;

const BATCH = 50;
/** A replica that dies with a batch in its hands gives it back after this long. */
const LEASE_MS = 15_000;

/**
 * Does what was previewed, subscription by subscription, on any number of replicas: each in a commit of its own together
 * with its row, so that a kill at any instant leaves it to do or done, and never done twice.
 */
export const makeSettlePlanMoves =
  (deps: Deps): SettlePlanMoves =>
  async () => {
    const wallMs = deps.wallClock.nowMs();
    const lease = { wallNow: new Date(wallMs), leaseUntil: new Date(wallMs + LEASE_MS) };
    const claimed = await deps.planMoves.claim({ ...lease, limit: BATCH });
    for (const id of new Set(claimed.map(({ moveId }) => moveId))) {
      await settleBatch(
        deps,
        must(await deps.planMoves.find(id), `move ${id}`),
        claimed.filter(({ moveId }) => moveId === id),
      );
    }
    const finished = await deps.planMoves.findFinished();
    for (const move of finished) await finish(deps, move);
    return claimed.length === 0 ? 'idle' : 'again';
  };

/** Read together; where one of them cannot even be read, each by itself, so that only that one is not moved. */
const settleBatch = async (deps: Deps, move: PlanMove, rows: readonly PlanMoveRow[]): Promise<void> => {
  let together: readonly Settling[] | null;
  try {
    together = await gather(deps, move, rows);
  } catch {
    together = null;
  }
  for (const row of rows) {
    const read = together?.find((one) => one.row === row);
    const work = async (): Promise<void> => {
      const [alone] = read === undefined ? await gather(deps, move, [row]) : [read];
      await settle(deps, must(alone, `subscription ${row.subscriptionId}`));
    };
    await workApart(work, {
      release: () => deps.planMoves.release([row]),
      tell: (error) => commitUnmoved(deps, move, failMove(row, error, deps.clock.now())),
    });
  }
};

interface Settling {
  readonly move: PlanMove;
  readonly row: PlanMoveRow;
  readonly facts: MoveFacts;
  readonly version: number;
}

const gather = async (deps: Deps, move: PlanMove, rows: readonly PlanMoveRow[]): Promise<readonly Settling[]> => {
  const subscriptions = await deps.subscriptions.findMany(rows.map(({ subscriptionId }) => subscriptionId));
  const target = must(await deps.plans.findVersion(move.toVersionId), `plan version ${move.toVersionId}`);
  const [facts, highest] = await Promise.all([
    gatherMoves(deps, target, subscriptions),
    deps.subscriptions.highestVersions(subscriptions),
  ]);
  const byId = new Map<Id<'sub'>, MoveFacts>(facts.map((one) => [one.subscription.id, one]));
  return rows.map((row) => {
    const one = must(byId.get(row.subscriptionId), `subscription ${row.subscriptionId}`);
    const { accountId, productId, version } = one.subscription;
    const known = Math.max(version, highest.get(`${accountId} ${productId}`) ?? 0);
    return { move, row, facts: one, version: deps.nextVersion(known) };
  });
};

const commitUnmoved = (deps: Deps, move: PlanMove, { row, audit }: MoveDecision): Promise<void> =>
  deps.unitOfWork.commit({ writes: [deps.planMoves.settle(row)], messages: [], audit, ...trailOf(move) });

const settle = async (deps: Deps, { move, row, facts, version }: Settling): Promise<void> => {
  const ids = { change: deps.newId('chg'), checkout: deps.newId('chk') };
  const decision = decideMove(row, facts, { reason: move.reason, ids, now: deps.clock.now(), version });
  const { change } = decision;
  await deps.unitOfWork.commit({
    writes: [
      deps.planMoves.settle(decision.row),
      // The place of the one scheduled change is freed before it is taken.
      ...(change?.replaced && facts.earlierMove
        ? [deps.changes.update(change.replaced, facts.earlierMove.version)]
        : []),
      ...(change ? [deps.changes.insert(change.change)] : []),
      ...(change ? [deps.subscriptions.update(change.subscription, facts.subscription.version)] : []),
    ],
    messages: change?.messages ?? [],
    audit: decision.audit,
    ...trailOf(move),
  });
};

const finish = async (deps: Deps, move: PlanMove): Promise<void> => {
  const { counts } = await deps.planMoves.summary(move.id);
  try {
    await deps.unitOfWork.commit({
      writes: [deps.planMoves.update({ ...move, status: 'done', finishedAt: deps.clock.now() }, 'running')],
      messages: [],
      audit: [moveFinishedEntry(move, { moved: counts.moved, notMoved: counts.not_moved })],
      ...trailOf(move),
    });
  } catch (error) {
    // Another replica saw the end of it first.
    if (!isDomainError(error) || error.code !== 'platform.version_conflict') throw error;
  }
};

/** The loop acts for who asked for the move, and everything it does is told under the move. */
const trailOf = (move: PlanMove) => ({
  correlationId: move.id,
  cause: { id: move.id, actor: must(move.requestedBy, `who asked for ${move.id}`) },
});

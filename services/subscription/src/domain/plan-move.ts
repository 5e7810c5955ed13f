import { type AccountId, type Actor, type AuditEntry, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

/** previewed: nothing happens until it is asked for. running: it is being done, subscription by subscription. */
export const PLAN_MOVE_STATUSES = ['previewed', 'running', 'done'] as const;
export type PlanMoveStatus = (typeof PLAN_MOVE_STATUSES)[number];

/** Everybody on an older version of one plan, to its newest: as it was previewed, and as it went. */
export interface PlanMove {
  readonly id: Id<'mov'>;
  readonly planId: Id<'pln'>;
  readonly planKey: string;
  readonly toVersionId: Id<'plv'>;
  readonly status: PlanMoveStatus;
  readonly reason: string | null;
  /** Null while it is only previewed. */
  readonly requestedBy: Actor | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** planned: would be moved, or will be. */
export const MOVED_ROW_STATUSES = ['planned', 'moved', 'not_moved'] as const;
export type MovedRowStatus = (typeof MOVED_ROW_STATUSES)[number];

/** What moving one subscription does to what it is charged; `null` amounts: nothing is charged. */
export interface MoveEffect {
  readonly effectiveAt: Date;
  /** Of one period, as prices are stated. */
  readonly priceAfter: Money;
  /** The next charge as it would be without and with the move. */
  readonly chargeBefore: Money | null;
  readonly chargeAfter: Money | null;
  /** False where no invoice has told a rate yet: the charges are before tax then. */
  readonly withTax: boolean;
}

/** What the moved plan is in a subscription: what it is on, or something beside it. */
export const MOVED_ROLES = ['plan', 'addition'] as const;
export type MovedRole = (typeof MOVED_ROLES)[number];

export interface MoveRefusal {
  readonly code: string;
  readonly message: string;
}

export interface PlanMoveRow {
  readonly moveId: Id<'mov'>;
  readonly subscriptionId: Id<'sub'>;
  readonly accountId: AccountId;
  /** Of the subscription as it was previewed: another one is not moved. */
  readonly subscriptionVersion: number;
  readonly role: MovedRole;
  /** The version of the moved plan that it has. */
  readonly fromVersionId: Id<'plv'>;
  readonly priceBefore: Money;
  readonly status: MovedRowStatus;
  /** Null where it cannot be moved. */
  readonly effect: MoveEffect | null;
  /** Why it was not moved. */
  readonly refusal: MoveRefusal | null;
  readonly changeId: Id<'chg'> | null;
  readonly settledAt: Date | null;
}

const about = ({ id }: PlanMove) => ({ subject: { type: 'plan_move', id }, accountId: null });

export const moveStartedEntry = (move: PlanMove, planned: number): AuditEntry => ({
  action: 'plan_move.started',
  ...about(move),
  ...(move.reason === null ? {} : { reason: move.reason }),
  after: { planId: move.planId, planKey: move.planKey, toVersionId: move.toVersionId, planned },
});

export const moveFinishedEntry = (
  move: PlanMove,
  counts: { readonly moved: number; readonly notMoved: number },
): AuditEntry => ({
  action: 'plan_move.finished',
  ...about(move),
  after: { planId: move.planId, planKey: move.planKey, toVersionId: move.toVersionId, ...counts },
});

export const notMovedEntry = (
  { moveId, subscriptionId, accountId }: PlanMoveRow,
  refusal: MoveRefusal,
): AuditEntry => ({
  action: 'subscription.move_refused',
  subject: { type: 'subscription', id: subscriptionId },
  accountId,
  result: 'failed',
  reason: refusal.message,
  after: { moveId, code: refusal.code },
});

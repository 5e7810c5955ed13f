import { type Id, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type MovedRowStatus, type PlanMove, type PlanMoveRow } from '../domain/plan-move.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type Page, type PageRequest } from './ports.ts';

export interface MoveSummary {
  readonly counts: Readonly<Record<MovedRowStatus, number>>;
  /** By currency, of what is planned or was moved and is charged: the next charges without and with the move. */
  readonly totals: readonly { readonly count: number; readonly before: Money; readonly after: Money }[];
}

export interface MoveClaim {
  readonly wallNow: Date;
  readonly leaseUntil: Date;
  readonly limit: number;
}

export interface PlanMoves {
  find(id: Id<'mov'>): Promise<PlanMove | null>;
  /** What was asked for; newest first. Mere previews are left out. */
  list(planId: Id<'pln'>, page: PageRequest): Promise<Page<PlanMove>>;
  rows(
    id: Id<'mov'>,
    filter: { readonly status: MovedRowStatus | null },
    page: PageRequest,
  ): Promise<Page<PlanMoveRow>>;
  summary(id: Id<'mov'>): Promise<MoveSummary>;
  /** Live subscriptions that have an older version of the plan, as their plan or as an addition; by id. */
  onOlderVersions(
    plan: { readonly planId: Id<'pln'>; readonly planVersionId: Id<'plv'> },
    page: { readonly limit: number; readonly after: string },
  ): Promise<readonly Subscription[]>;
  insert(move: PlanMove): Write;
  insertRows(rows: readonly PlanMoveRow[]): Write;
  /** Previews of the plan from before then that nobody asked to be done. */
  dropPreviews(planId: Id<'pln'>, before: Date): Write;
  /** Fails with `platform.version_conflict` unless it is in that status. */
  update(move: PlanMove, expected: PlanMove['status']): Write;
  /** Rows of running moves. Two callers never hold the same one; who dies loses it after the lease. */
  claim(claim: MoveClaim): Promise<readonly PlanMoveRow[]>;
  release(rows: readonly PlanMoveRow[]): Promise<void>;
  /** Fails with `platform.version_conflict` when it is settled already. */
  settle(row: PlanMoveRow): Write;
  /** Running, and every row is settled. */
  findFinished(): Promise<readonly PlanMove[]>;
  /** Rows of running moves that are not settled. */
  countWaiting(): Promise<number>;
}

import { type AccountId } from '@quittance/kernel';
import { type Interval, type Money } from '@quittance/money';

export const LEGACY_STATUSES = ['trialing', 'active', 'past_due', 'unpaid', 'paused', 'cancelled'] as const;

export const PLAN_SOURCES = ['price', 'subscription'] as const;
export type PlanSource = (typeof PLAN_SOURCES)[number];

/** A subscription that the provider renews itself: read there, told here, never charged by us. */
export interface LegacySubscription {
  readonly provider: string;
  /** The provider's id of it. */
  readonly reference: string;
  readonly status: (typeof LEGACY_STATUSES)[number];
  /** What the earlier platform wrote on it; null where that cannot be read. */
  readonly accountId: AccountId | null;
  readonly productKey: string | null;
  readonly planKey: string | null;
  /** What says so: the price it is renewed by is right also after a change there; what was written on it may be older. */
  readonly planFrom: PlanSource | null;
  /** The provider's id of its price; null where it was not read yet. */
  readonly priceReference: string | null;
  readonly interval: Interval;
  readonly quantity: number;
  /** Of one unit and period. */
  readonly unitPrice: Money;
  readonly anchorAt: Date;
  readonly period: { readonly start: Date; readonly end: Date };
  readonly cancelAtPeriodEnd: boolean;
  readonly endedAt: Date | null;
}

/** What was told last, with its version. */
export interface MirroredSubscription {
  readonly subscription: LegacySubscription;
  readonly version: number;
}

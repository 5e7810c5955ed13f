import { type AccountId, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type CheckoutStatus } from './checkout-status.ts';
import { type Interval } from './plan.ts';

export type Rail = 'card' | 'crypto';

/** Only the card rail is open; crypto joins with payments-crypto. */
export const RAILS_OFFERED: readonly Rail[] = ['card'];

export interface DueLine {
  readonly description: string;
  readonly quantity: number;
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
  readonly taxRatePpm: number;
  readonly taxReason: string;
}

/** What will be paid now, as invoicing drafted it. */
export interface DueNow {
  readonly lines: readonly DueLine[];
  readonly subtotal: Money;
  readonly tax: Money;
  readonly total: Money;
  /** What is collected of the total; nothing where it is too little for the rail. */
  readonly payNow: Money;
  /** What is carried to the next invoice instead. */
  readonly carried: Money;
}

/** Why a checkout failed: a stable code, and a sentence for people. */
export interface CheckoutFailure {
  readonly code: string;
  readonly message: string;
}

export type DeclineReason = 'card_declined' | 'insufficient_funds' | 'authentication_failed' | 'expired_card' | 'other';

export interface ReturnUrls {
  readonly success: string;
  readonly cancel: string;
}

export interface Checkout {
  readonly id: Id<'chk'>;
  readonly accountId: AccountId;
  readonly subscriptionId: Id<'sub'>;
  /** The change it pays for; null where it begins a subscription. */
  readonly changeId: Id<'chg'> | null;
  readonly productId: Id<'prd'>;
  readonly planVersionId: Id<'plv'>;
  readonly interval: Interval;
  readonly currency: string;
  /** Null where nothing is to be paid. */
  readonly rail: Rail | null;
  readonly country: string | null;
  readonly status: CheckoutStatus;
  readonly invoiceId: Id<'inv'> | null;
  readonly orderId: Id<'ord'> | null;
  readonly dueNow: DueNow | null;
  readonly renewsAt: Date | null;
  readonly payUrl: string | null;
  readonly payUntil: Date | null;
  /** Where the browser goes afterwards; null where nothing is paid. */
  readonly returnUrls: ReturnUrls | null;
  readonly lastDecline: { readonly reason: DeclineReason; readonly at: Date } | null;
  /** Null unless it failed. */
  readonly failure: CheckoutFailure | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** Two requests for the same thing share one checkout, so that nobody pays twice for wanting once. */
export const asksForTheSame = (
  open: Checkout,
  wanted: Pick<Checkout, 'planVersionId' | 'interval' | 'currency' | 'rail' | 'country'>,
): boolean =>
  open.planVersionId === wanted.planVersionId &&
  open.interval === wanted.interval &&
  open.currency === wanted.currency &&
  open.rail === wanted.rail &&
  open.country === wanted.country;

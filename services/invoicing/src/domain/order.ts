import { type AccountId, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

export const RAILS = ['card', 'crypto'] as const;
export type Rail = (typeof RAILS)[number];

export const ORDER_STATUSES = ['open', 'paid', 'expired', 'failed', 'closed'] as const;
/** `closed`: we asked the rail to close it. Money that comes afterwards goes to the balance. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What a rail was asked to collect for an invoice; only an open one may settle it. */
export interface CollectionOrder {
  readonly id: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  readonly accountId: AccountId;
  readonly rail: Rail;
  readonly amount: Money;
  readonly status: OrderStatus;
  /** Which automatic collection of its invoice it is, from 1; null where the customer pays on a page. */
  readonly attempt: number | null;
  readonly createdAt: Date;
}

/** Why a rail could not charge; `no_payment_method`: it has nothing stored that it could. */
export type DeclineReason =
  | 'card_declined'
  | 'insufficient_funds'
  | 'authentication_failed'
  | 'expired_card'
  | 'no_payment_method'
  | 'other';

export interface ReturnUrls {
  readonly success: string;
  readonly cancel: string;
}

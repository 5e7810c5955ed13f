import { type AccountId, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type PaymentsCardCode } from './errors.ts';

/** How far an order is at the provider. `statusOf` tells it to everybody else. */
export const ORDER_STATES = [
  'opening',
  'charging',
  'open',
  'closing',
  'confirming',
  'completed',
  'failed',
  'expired',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export type PaymentStatus = 'pending' | 'confirming' | 'completed' | 'failed' | 'expired';

const STATUS = {
  opening: 'pending',
  charging: 'pending',
  open: 'pending',
  closing: 'pending',
  confirming: 'confirming',
  completed: 'completed',
  failed: 'failed',
  expired: 'expired',
} as const satisfies Record<OrderState, PaymentStatus>;

export const statusOf = (state: OrderState): PaymentStatus => STATUS[state];

export const DECLINE_REASONS = [
  'card_declined',
  'insufficient_funds',
  'authentication_failed',
  'expired_card',
  'no_payment_method',
  'other',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export const ATTEMPT_OUTCOMES = ['succeeded', 'declined', 'pending', 'unknown'] as const;

/** One try to charge. `reference` is the provider's, and counts an attempt once however often it is reported. */
export interface Attempt {
  readonly reference: string;
  readonly outcome: (typeof ATTEMPT_OUTCOMES)[number];
  readonly reason: DeclineReason | null;
  readonly at: Date;
}

/** A payment method as a person recognises it. Never a number. */
export interface MethodSummary {
  readonly kind: string;
  readonly brand: string | null;
  readonly last4: string | null;
}

export interface Payment {
  readonly id: Id<'pay'>;
  /** The provider's id of the payment (a PaymentIntent). */
  readonly providerReference: string;
  readonly method: MethodSummary | null;
  readonly capturedAt: Date;
}

/** What may be charged again without the customer: the provider's tokens. */
export interface StoredMethod extends MethodSummary {
  readonly id: Id<'spm'>;
  readonly customerReference: string;
  readonly methodReference: string;
}

/** Waits for a person. */
export interface Parking {
  readonly code: PaymentsCardCode;
  readonly message: string;
  readonly since: Date;
}

/** Where the order is at the provider, and where the customer pays. */
export interface Session {
  readonly reference: string;
  readonly payUrl: string | null;
  readonly payUntil: Date;
}

/** A charge of the stored method instead of a page: one attempt, and the key under which it is one for ever. */
export interface Charge {
  /** `charge:<invoice>:<attempt>`. */
  readonly key: string;
  readonly attempt: number;
  /** The provider's id of the payment; null until an answer was read. */
  readonly reference: string | null;
}

export interface Order {
  readonly id: Id<'ord'>;
  readonly accountId: AccountId;
  readonly invoiceId: Id<'inv'>;
  readonly checkoutId: Id<'chk'> | null;
  /** The checkout, where there is one: ties together what one purchase caused. */
  readonly correlationId: string;
  readonly provider: string;
  readonly amount: Money;
  readonly state: OrderState;
  readonly version: number;
  /** Exactly what is sent to open or charge it; every retry sends the same. The provider's adapter made it and reads it. */
  readonly openRequest: OpenRequest;
  readonly session: Session | null;
  /** Null for an order with a page. */
  readonly charge: Charge | null;
  readonly payment: Payment | null;
  readonly attempts: readonly Attempt[];
  readonly parked: Parking | null;
  readonly createdAt: Date;
  /** Wall time, as everything below: when a worker first set out to send it; of a claimed order, before this claim. */
  readonly firstSentAt: Date | null;
  /** Since when nobody knows what the provider did. */
  readonly unknownSince: Date | null;
  /** Answers missed in a row. */
  readonly tries: number;
  /** When a worker looks at it next; null: never again. */
  readonly dueAt: Date | null;
}

export type OpenRequest = Readonly<Record<string, unknown>>;

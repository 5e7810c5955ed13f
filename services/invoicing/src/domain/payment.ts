import { type AccountId, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type Rail } from './order.ts';

export interface PaymentMethod {
  readonly kind: string;
  readonly brand: string | null;
  readonly last4: string | null;
}

/** Money a rail captured, as it reports it. */
export interface CapturedPayment {
  readonly id: Id<'pay'>;
  readonly orderId: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  readonly accountId: AccountId;
  readonly rail: Rail;
  readonly provider: string;
  /** The provider's own id of the charge: the same one twice is the same money. */
  readonly providerReference: string;
  readonly amount: Money;
  readonly method: PaymentMethod | null;
  readonly capturedAt: Date;
}

export const PAYMENT_STATUSES = ['completed', 'refunded', 'partially_refunded', 'disputed'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export const APPLIED_TO = ['invoice', 'balance'] as const;
export type AppliedTo = (typeof APPLIED_TO)[number];

export interface Payment extends CapturedPayment {
  readonly status: PaymentStatus;
  /** `balance`: it waits on the account for a person. */
  readonly appliedTo: AppliedTo;
  readonly recordedAt: Date;
  readonly correlationId: string;
}

import { type Attempt, type MethodSummary, type Session } from './order.ts';

/** An order as the provider describes it now, in our words. Amounts stay in the provider's own units. */
export interface Reading {
  /** Our order id, as the provider kept it. */
  readonly orderId: string | null;
  readonly session: Session;
  readonly status: 'open' | 'complete' | 'expired';
  readonly money: 'paid' | 'unpaid' | 'on_its_way' | 'never_came';
  readonly amount: ProviderAmount | null;
  /** Present when paid. */
  readonly payment: CapturedPayment | null;
  /** The last decline the provider still remembers. */
  readonly decline: Attempt | null;
}

/** A charge of a stored method as the provider describes it now. */
export interface ChargeReading {
  readonly orderId: string | null;
  /** The provider's id of the payment. */
  readonly reference: string;
  readonly money: 'paid' | 'on_its_way' | 'never_came';
  readonly amount: ProviderAmount;
  /** Present when paid. */
  readonly payment: CapturedPayment | null;
  readonly decline: Attempt | null;
}

export interface ProviderAmount {
  readonly units: bigint;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

export interface CapturedPayment {
  readonly reference: string;
  /** The single charge that succeeded. */
  readonly attemptReference: string;
  readonly amount: ProviderAmount;
  readonly capturedAt: Date;
  readonly method: MethodSummary | null;
  /** Both, or it cannot be charged again. */
  readonly reusable: { readonly customerReference: string; readonly methodReference: string } | null;
}

import { type Id } from '@quittance/kernel';

import { type Decision, recordOf } from './decision.ts';
import { type Attempt, type Order, type Payment } from './order.ts';
import { type CapturedPayment } from './reading.ts';

/** Ids for what comes into being with money. */
export interface CompletionIds {
  readonly paymentId: Id<'pay'>;
  readonly storedMethodId: Id<'spm'>;
}

/** The money is here: payment, succeeded attempt, what may be charged again, and the news of it. */
export const completeOrder = (
  moved: Order,
  captured: CapturedPayment,
  { paymentId, storedMethodId }: CompletionIds,
): Decision => {
  const payment: Payment = {
    id: paymentId,
    providerReference: captured.reference,
    method: captured.method,
    capturedAt: captured.capturedAt,
  };
  const succeeded: Attempt = {
    reference: captured.attemptReference,
    outcome: 'succeeded',
    reason: null,
    at: captured.capturedAt,
  };
  const order: Order = { ...moved, payment, attempts: [...moved.attempts, succeeded] };
  return {
    order,
    attempts: [succeeded],
    storedMethod: storedMethodOf(captured, storedMethodId),
    customerGone: false,
    messages: [{ type: 'payment.completed', order }],
    audit: [recordOf('payment.completed', order, { after: trailOf(order, captured) })],
  };
};

const trailOf = (order: Order, captured: CapturedPayment) => ({
  paymentReference: captured.reference,
  amount: String(order.amount.amountMinor),
  currency: order.amount.currency,
  method: captured.method,
});

const storedMethodOf = ({ reusable, method }: CapturedPayment, id: Id<'spm'>) =>
  reusable === null || method === null ? null : { id, ...reusable, ...method };

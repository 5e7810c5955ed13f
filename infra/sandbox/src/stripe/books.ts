import { type Stripe } from 'stripe';

import { type Tx } from '../database.ts';
import { allObjects } from './objects.ts';

/** The provider's own truth, which an invariant check compares with ours. Amounts in minor units, instants in seconds. */
export interface StripeBooks {
  readonly charges: readonly {
    readonly id: string;
    readonly amount: number;
    readonly amountRefunded: number;
    readonly currency: string;
    readonly status: string;
    readonly captured: boolean;
    readonly paymentIntent: string | null;
    readonly customer: string | null;
    readonly created: number;
    readonly metadata: Stripe.Metadata;
  }[];
  readonly sessions: readonly {
    readonly id: string;
    readonly amountTotal: number | null;
    readonly currency: string | null;
    readonly status: string | null;
    readonly paymentStatus: string;
    readonly paymentIntent: string | null;
    readonly clientReferenceId: string | null;
    readonly created: number;
    readonly metadata: Stripe.Metadata | null;
  }[];
  readonly refunds: readonly {
    readonly id: string;
    readonly amount: number;
    readonly currency: string;
    readonly status: string | null;
    readonly charge: string | null;
    readonly paymentIntent: string | null;
    readonly created: number;
    readonly metadata: Stripe.Metadata | null;
  }[];
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly object: string;
    readonly created: number;
  }[];
}

export const readBooks = async (tx: Tx): Promise<StripeBooks> => ({
  charges: (await allObjects(tx, 'charge')).map((charge) => ({
    id: charge.id,
    amount: charge.amount,
    amountRefunded: charge.amount_refunded,
    currency: charge.currency,
    status: charge.status,
    captured: charge.captured,
    paymentIntent: idOf(charge.payment_intent),
    customer: idOf(charge.customer),
    created: charge.created,
    metadata: charge.metadata,
  })),
  sessions: (await allObjects(tx, 'checkout.session')).map((session) => ({
    id: session.id,
    amountTotal: session.amount_total,
    currency: session.currency,
    status: session.status,
    paymentStatus: session.payment_status,
    paymentIntent: idOf(session.payment_intent),
    clientReferenceId: session.client_reference_id,
    created: session.created,
    metadata: session.metadata,
  })),
  refunds: (await allObjects(tx, 'refund')).map((refund) => ({
    id: refund.id,
    amount: refund.amount,
    currency: refund.currency,
    status: refund.status,
    charge: idOf(refund.charge),
    paymentIntent: idOf(refund.payment_intent),
    created: refund.created,
    metadata: refund.metadata,
  })),
  events: (await allObjects(tx, 'event')).map((event) => ({
    id: event.id,
    type: event.type,
    object: subjectOf(event),
    created: event.created,
  })),
});

const idOf = (reference: string | { readonly id: string } | null): string | null =>
  reference === null || typeof reference === 'string' ? reference : reference.id;

const subjectOf = (event: Stripe.EventBase): string => {
  const subject: object = event.data.object;
  return 'id' in subject && typeof subject.id === 'string' ? subject.id : '';
};

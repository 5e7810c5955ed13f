/** The audit trail of one card checkout that goes well: exactly these actions, in this order. */
export const PURCHASE_TRAIL = [
  'checkout.created',
  'subscription.drafted',
  'invoice.drafted',
  'order.opened',
  'webhook.received',
  'payment.completed',
  'invoice.issued',
  'invoice.paid',
  'subscription.activated',
] as const;

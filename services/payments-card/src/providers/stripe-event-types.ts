import { type EventEffect } from '../application/ports.ts';

interface EventRule {
  /**
   * Whether its receipt is in the audit trail. `unless_told`: the same news comes as an event of the Checkout Session,
   * or came as the answer to our own charge, and one payment is one record.
   */
  readonly audited: boolean | 'unless_told' | 'unless_charge';
  readonly effect: EventEffect | 'read_unless_checkout';
}

/** What each event of Stripe means to us. What is not listed is kept and otherwise ignored. */
const EVENT_RULES = {
  'checkout.session.completed': { audited: true, effect: 'read_order' },
  'checkout.session.expired': { audited: true, effect: 'read_order' },
  'checkout.session.async_payment_succeeded': { audited: true, effect: 'read_order' },
  'checkout.session.async_payment_failed': { audited: true, effect: 'read_order' },
  'payment_intent.payment_failed': { audited: 'unless_charge', effect: 'read_order' },
  'payment_intent.succeeded': { audited: 'unless_told', effect: 'read_unless_checkout' },
  // A refund announces itself as charge.refunded and as several refund.*; the charge is the one that is told.
  'charge.refunded': { audited: true, effect: 'money_went_back' },
  'refund.failed': { audited: true, effect: 'money_went_back' },
  'charge.dispute.created': { audited: true, effect: 'money_went_back' },
  'charge.dispute.closed': { audited: true, effect: 'money_went_back' },
  // Subscriptions of an earlier platform, which Stripe renews itself: an event of theirs says no more than "look".
  'customer.subscription.updated': { audited: false, effect: 'mirror_subscription' },
  'customer.subscription.deleted': { audited: false, effect: 'mirror_subscription' },
  'invoice.payment_succeeded': { audited: true, effect: 'mirror_subscription' },
  'invoice.payment_failed': { audited: true, effect: 'mirror_subscription' },
} as const satisfies Record<string, EventRule>;

const IGNORED: EventRule = { audited: false, effect: 'none' };

export interface EventMeaning {
  readonly audited: boolean;
  readonly effect: EventEffect;
}

/** How a payment of ours is made, as we put it on its metadata. */
export type Via = 'checkout' | 'charge' | null;

export const meaningOf = (type: string, via: Via): EventMeaning => {
  const { audited, effect } = isListed(type) ? EVENT_RULES[type] : IGNORED;
  return {
    audited:
      typeof audited === 'boolean' ? audited : via === null || (audited === 'unless_charge' && via === 'checkout'),
    effect: effect === 'read_unless_checkout' ? (via === 'checkout' ? 'none' : 'read_order') : effect,
  };
};

const isListed = (type: string): type is keyof typeof EVENT_RULES => Object.hasOwn(EVENT_RULES, type);

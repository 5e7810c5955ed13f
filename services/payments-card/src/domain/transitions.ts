import { paymentsCardFail } from './errors.ts';
import { type OrderState } from './order.ts';

/** What can happen to an order: what we were told, and what the provider says of it. */
export type Trigger =
  | 'opened'
  | 'refused'
  | 'close_asked'
  /** Read: nobody has paid yet. */
  | 'still_open'
  /** Read: the customer is done, the money is on its way (bank debits, some wallets). */
  | 'money_on_its_way'
  | 'paid'
  /** Read: the customer was done, but the money never came; it cannot be paid again. */
  | 'money_never_came'
  /** Read, of a charge: it was refused, and nothing more will come of it. */
  | 'declined'
  | 'expired';

const ILLEGAL = null;

/** Total on purpose: a new state or trigger does not compile until every pair is decided. */
export const TRANSITIONS = {
  opening: {
    opened: 'open',
    refused: 'failed',
    close_asked: 'closing',
    // Nothing can be read before the provider's id is known.
    still_open: ILLEGAL,
    money_on_its_way: ILLEGAL,
    paid: ILLEGAL,
    money_never_came: ILLEGAL,
    declined: ILLEGAL,
    expired: ILLEGAL,
  },
  charging: {
    opened: ILLEGAL,
    refused: 'failed',
    // A charge under way cannot be called back; what it brings is reported as usual.
    close_asked: 'charging',
    still_open: ILLEGAL,
    money_on_its_way: 'confirming',
    paid: 'completed',
    money_never_came: ILLEGAL,
    declined: 'failed',
    expired: ILLEGAL,
  },
  open: {
    opened: ILLEGAL,
    refused: ILLEGAL,
    close_asked: 'closing',
    still_open: 'open',
    money_on_its_way: 'confirming',
    paid: 'completed',
    money_never_came: 'expired',
    declined: ILLEGAL,
    expired: 'expired',
  },
  closing: {
    // The answer to a call that was under way when the order was given up: now it can be closed.
    opened: 'closing',
    refused: 'expired',
    close_asked: 'closing',
    still_open: 'closing',
    money_on_its_way: 'confirming',
    paid: 'completed',
    money_never_came: 'expired',
    declined: ILLEGAL,
    expired: 'expired',
  },
  confirming: {
    opened: ILLEGAL,
    refused: ILLEGAL,
    // Money on its way cannot be called back; what arrives is reported as usual.
    close_asked: 'confirming',
    still_open: ILLEGAL,
    money_on_its_way: 'confirming',
    paid: 'completed',
    money_never_came: 'expired',
    declined: 'failed',
    expired: 'expired',
  },
  completed: {
    opened: ILLEGAL,
    refused: ILLEGAL,
    close_asked: 'completed',
    still_open: ILLEGAL,
    money_on_its_way: ILLEGAL,
    paid: 'completed',
    money_never_came: ILLEGAL,
    declined: ILLEGAL,
    expired: ILLEGAL,
  },
  failed: {
    opened: ILLEGAL,
    refused: 'failed',
    close_asked: 'failed',
    still_open: ILLEGAL,
    money_on_its_way: ILLEGAL,
    // As below: a declined charge that was paid after all, at the provider's own dashboard.
    paid: 'completed',
    money_never_came: ILLEGAL,
    declined: 'failed',
    expired: ILLEGAL,
  },
  expired: {
    opened: ILLEGAL,
    refused: ILLEGAL,
    close_asked: 'expired',
    still_open: ILLEGAL,
    money_on_its_way: ILLEGAL,
    // Money is never lost: it is reported, and invoicing puts it where it belongs.
    paid: 'completed',
    money_never_came: 'expired',
    declined: ILLEGAL,
    expired: 'expired',
  },
} as const satisfies Record<OrderState, Record<Trigger, OrderState | null>>;

/** @throws payments_card.illegal_transition; it never quietly does nothing. */
export const transition = (from: OrderState, trigger: Trigger): OrderState => {
  const to = TRANSITIONS[from][trigger];
  if (to === null) {
    throw paymentsCardFail('payments_card.illegal_transition', `An order that is ${from} cannot be ${trigger}.`, {
      details: { state: from, trigger },
    });
  }
  return to;
};

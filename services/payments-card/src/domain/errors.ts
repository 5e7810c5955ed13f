import { type ErrorTable, makeFail } from '@quittance/kernel';

export const paymentsCardErrors = {
  'payments_card.order_unknown': {
    kind: 'not_found',
    title: 'This order is not known here yet',
    remedy: 'Nothing: the message is tried again, because the one that opens the order may still be on its way.',
  },
  'payments_card.illegal_transition': {
    kind: 'conflict',
    title: 'The order is in a state that does not allow this',
    remedy: 'Read the order and compare it with the provider’s dashboard before trying again.',
  },
  'payments_card.order_not_open_yet': {
    kind: 'unavailable',
    title: 'An event came before the order’s own opening was recorded',
    remedy: 'Nothing: the event is tried again once the opening is known.',
  },
  'payments_card.provider_unavailable': {
    kind: 'unavailable',
    title: 'The payment provider gave no answer',
    remedy: 'Nothing: it is asked again with growing pauses.',
  },
  'payments_card.event_already_stored': {
    kind: 'conflict',
    title: 'This event of the provider is already stored',
    remedy: 'Nothing: the first delivery counts.',
  },
  'payments_card.webhook_signature_invalid': {
    kind: 'invalid',
    title: 'The webhook’s signature does not verify',
    remedy: 'Compare STRIPE_WEBHOOK_SECRET with the endpoint’s signing secret, and the clocks of both sides.',
  },
  'payments_card.webhook_malformed': {
    kind: 'invalid',
    title: 'What is signed is not an event of the provider',
    remedy: 'Sign an event as the provider sends it: JSON with `id`, `type`, `created`, `livemode` and `data.object`.',
  },
  'payments_card.webhook_wrong_mode': {
    kind: 'invalid',
    title: 'A test event reached live mode, or a live event test mode',
    remedy: 'Point the provider’s endpoint of each mode at the installation of that mode.',
  },
  'payments_card.currency_unsupported': {
    kind: 'refused',
    title: 'The provider cannot collect this amount in this currency',
    remedy: 'Use another currency, or an amount the provider’s smallest unit can express.',
  },
  'payments_card.provider_refused': {
    kind: 'refused',
    title: 'The provider refused to open the order',
    remedy: 'Look at the code in the message; the provider’s dashboard shows the request.',
  },
  'payments_card.amount_out_of_range': {
    kind: 'refused',
    title: 'The amount is below or above what the provider accepts',
    remedy: 'Carry a small amount to the next invoice; collect a large one in parts or by transfer.',
  },
  'payments_card.customer_unknown': {
    kind: 'refused',
    title: 'The provider does not know the account’s customer any more',
    remedy: 'Start the checkout again: it begins with a new customer.',
  },
  'payments_card.method_of_another': {
    kind: 'refused',
    title: 'This payment method belongs to another account',
    remedy: 'Correct `stripe_payment_method` where it came from; nobody is charged on another’s card.',
  },
  'payments_card.portal_not_configured': {
    kind: 'refused',
    title: 'There is no customer portal',
    remedy:
      'Save its settings in Stripe’s dashboard, or set STRIPE_PORTAL_CONFIGURATION; see `GET /v1/billing` meanwhile.',
  },
  'payments_card.portal_without_customer': {
    kind: 'refused',
    title: 'The account is nobody at Stripe yet',
    remedy: 'Buy a plan by card first; `GET /v1/billing` shows everything else.',
  },
  'payments_card.opened_too_late': {
    kind: 'refused',
    title: 'The provider could not be reached in time to open the order',
    remedy: 'Start the checkout again.',
  },
  'payments_card.credentials_refused': {
    kind: 'refused',
    title: 'The provider does not accept our key',
    remedy: 'Check STRIPE_SECRET_KEY and its permissions.',
  },
  'payments_card.outcome_unknown': {
    kind: 'unavailable',
    title: 'Nobody knows what became of an order at the provider',
    remedy: 'Look the order up in the provider’s dashboard by its client reference, then recheck it.',
  },
  'payments_card.amount_mismatch': {
    kind: 'conflict',
    title: 'The provider collected another amount or currency than the order says',
    remedy: 'Compare both, then refund or book the difference by hand.',
  },
  'payments_card.money_went_back': {
    kind: 'conflict',
    title: 'The provider reports a refund or a dispute of a payment',
    remedy: 'Read it in the provider’s dashboard and correct the invoice by hand.',
  },
  'payments_card.event_failing': {
    kind: 'conflict',
    title: 'An event of the provider failed again and again',
    remedy: 'Read the last error, correct its cause; the event is tried again by itself.',
  },
} as const satisfies ErrorTable;

export type PaymentsCardCode = keyof typeof paymentsCardErrors;

export const paymentsCardFail = makeFail(paymentsCardErrors);

import { createHash } from 'node:crypto';

/** Why a card is refused, in Stripe's words. */
export interface Decline {
  readonly code: string;
  readonly declineCode: string | null;
  readonly message: string;
}

/** How a test card behaves, now and when it is charged later without its holder. */
export interface TestCard {
  readonly number: string;
  readonly magicIds: readonly string[];
  readonly onSession: 'succeeds' | 'challenge' | Decline;
  readonly offSession: 'succeeds' | Decline;
  readonly about: string;
}

const GENERIC: Decline = { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' };
const FUNDS: Decline = {
  code: 'card_declined',
  declineCode: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
};
const EXPIRED: Decline = { code: 'expired_card', declineCode: 'expired_card', message: 'Your card has expired.' };
const AUTHENTICATION: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

export const TEST_CARDS: readonly TestCard[] = [
  {
    number: '4242424242424242',
    magicIds: ['pm_card_visa', 'tok_visa'],
    onSession: 'succeeds',
    offSession: 'succeeds',
    about: 'Succeeds',
  },
  {
    number: '4000000000000002',
    magicIds: ['pm_card_chargeDeclined', 'pm_card_visa_chargeDeclined', 'tok_chargeDeclined'],
    onSession: GENERIC,
    offSession: GENERIC,
    about: 'Is declined',
  },
  {
    number: '4000000000009995',
    magicIds: ['pm_card_chargeDeclinedInsufficientFunds', 'tok_chargeDeclinedInsufficientFunds'],
    onSession: FUNDS,
    offSession: FUNDS,
    about: 'Has insufficient funds',
  },
  {
    number: '4000002500003155',
    magicIds: ['pm_card_authenticationRequiredOnSetup'],
    onSession: 'challenge',
    offSession: 'succeeds',
    about: 'Asks for 3-D Secure once',
  },
  {
    number: '4000002760003184',
    magicIds: ['pm_card_authenticationRequired'],
    onSession: 'challenge',
    offSession: AUTHENTICATION,
    about: 'Asks for 3-D Secure every time',
  },
  {
    number: '4000000000000069',
    magicIds: ['pm_card_chargeDeclinedExpiredCard', 'tok_chargeDeclinedExpiredCard'],
    onSession: EXPIRED,
    offSession: EXPIRED,
    about: 'Has expired',
  },
  {
    number: '4000000000000341',
    magicIds: ['pm_card_chargeCustomerFail', 'tok_chargeCustomerFail'],
    onSession: 'succeeds',
    offSession: GENERIC,
    about: 'Succeeds now, is declined at every renewal',
  },
];

export const findTestCard = (numberOrMagicId: string): TestCard | null => {
  const compact = numberOrMagicId.replaceAll(/[\s-]/g, '');
  return TEST_CARDS.find((card) => card.number === compact || card.magicIds.includes(numberOrMagicId)) ?? null;
};

export const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

/** Stable for one card, so that a saved card is recognised as the same; never the number or anything like it. */
export const fingerprintOf = (card: TestCard): string =>
  createHash('sha256').update(`card:${card.number}`).digest('base64url').slice(0, 16);

import type { Interval, NewCheckout } from '../api/answers.ts';

const PREFIX = 'quittance.checkout.';

export interface Wish {
  readonly planId: string;
  readonly interval: Interval;
  readonly currency: string;
  /** Null leaves it to the billing profile. */
  readonly country: string | null;
  readonly quantity: number;
}

/** One intent to buy. Sent again (a reload, a lost answer) with the same key and body it is the same checkout. */
export interface Attempt {
  readonly key: string;
  readonly body: NewCheckout;
}

/** The attempt already under way for this wish in this tab, or a new one. */
export const attemptFor = (wish: Wish, language: string): { readonly attempt: Attempt; readonly reused: boolean } => {
  const stored = storedAttempt(wish);
  if (stored !== null) return { attempt: stored, reused: true };
  const attempt = { key: crypto.randomUUID(), body: bodyOf(wish, language) };
  sessionStorage.setItem(placeOf(wish), JSON.stringify(attempt));
  return { attempt, reused: false };
};

export const forgetAttempt = (wish: Wish): void => sessionStorage.removeItem(placeOf(wish));

/** After a purchase, or to start over: the next checkout is a new one. */
export const forgetAttempts = (): void => {
  for (const place of Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)))
    sessionStorage.removeItem(place);
};

const placeOf = ({ planId, interval, currency, country, quantity }: Wish): string =>
  `${PREFIX}${[planId, interval, currency, country ?? '', quantity].join('.')}`;

const bodyOf = ({ planId, interval, currency, country, quantity }: Wish, language: string): NewCheckout => {
  const { origin } = globalThis.location;
  return {
    planId,
    interval,
    currency,
    quantity,
    language,
    ...(country === null ? {} : { country }),
    successUrl: `${origin}/checkout/return?session={CHECKOUT_SESSION_ID}`,
    cancelUrl: `${origin}/checkout/cancelled?session={CHECKOUT_SESSION_ID}`,
  };
};

const storedAttempt = (wish: Wish): Attempt | null => {
  const text = sessionStorage.getItem(placeOf(wish));
  const value: unknown = text === null ? null : JSON.parse(text);
  return isAttempt(value) ? value : null;
};

const isAttempt = (value: unknown): value is Attempt =>
  typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string' && 'body' in value;

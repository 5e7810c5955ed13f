import { Stripe } from 'stripe';

import { type Refused, type Unknown } from '../application/ports.ts';
import { type PaymentsCardCode } from '../domain/errors.ts';

/**
 * What the SDK threw, as an outcome. Only an answer that says no means no; a time-out, a reset, a 5xx, a conflict or an
 * open breaker leave it unknown. Stripe's text and headers stay here: they may hold parts of a key or of a customer.
 */
export const fromStripeError = (error: unknown): Refused | Unknown => {
  if (!(error instanceof Stripe.errors.StripeError)) return unknown(breakerCode(error) ?? 'no_answer');
  const { statusCode } = error;
  if (statusCode === undefined) return unknown('connection');
  if (isRepeated(error)) return unknown(REPEATED_500);
  if (statusCode === 409 || statusCode === 429 || statusCode >= 500) return unknown(`http_${statusCode}`);
  // Our own key with other parameters: what it opened the first time is still out there.
  if (error instanceof Stripe.errors.StripeIdempotencyError) return unknown('idempotency_key_reused');
  return refused(codeOf(error), facts(error));
};

/** Stripe kept a 500 under this key and gives it again for a day, however well it is by now. */
export const REPEATED_500 = 'http_500_repeated';

const isRepeated = ({ statusCode, headers }: StripeError): boolean =>
  statusCode === 500 && headers?.['idempotent-replayed'] === 'true';

/** True for a definite no, and for what is only repeated: that is Stripe being well, not a reason to open the breaker. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  error.statusCode !== undefined &&
  (error.statusCode < 500 || isRepeated(error));

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason });

const refused = (code: PaymentsCardCode, why: string): Refused => ({
  outcome: 'refused',
  code,
  message: SENTENCES[code]?.(why) ?? why,
});

const SENTENCES: Readonly<Partial<Record<PaymentsCardCode, (why: string) => string>>> = {
  'payments_card.provider_refused': (why) => `Stripe refused to open the payment page (${why}).`,
  'payments_card.credentials_refused': (why) => `Stripe does not accept our key (${why}).`,
  'payments_card.amount_out_of_range': (why) => `Stripe does not collect an amount like this (${why}).`,
  'payments_card.customer_unknown': (why) => `Stripe does not know this customer any more (${why}).`,
  'payments_card.opened_too_late': () => 'Stripe could not be reached in time to open the payment page.',
};

type StripeError = Stripe.errors.StripeError;

const codeOf = (error: StripeError): PaymentsCardCode => {
  if (error instanceof Stripe.errors.StripeAuthenticationError) return 'payments_card.credentials_refused';
  if (error instanceof Stripe.errors.StripePermissionError) return 'payments_card.credentials_refused';
  if (error.code === 'amount_too_small' || error.code === 'amount_too_large')
    return 'payments_card.amount_out_of_range';
  if (error.code === 'resource_missing' && error.param === 'customer') return 'payments_card.customer_unknown';
  // A session must live 30 minutes from its creation: a first try that comes later than ours allows is too late.
  return error.param === 'expires_at' ? 'payments_card.opened_too_late' : 'payments_card.provider_refused';
};

/** Stripe's machine-readable codes only. */
const facts = (error: StripeError): string => {
  const known = [error.code, error.param, error.requestId].filter((fact) => fact !== undefined);
  return [`HTTP ${error.statusCode ?? 0}`, ...known.map(String)].join(', ');
};

const breakerCode = (error: unknown): string | null => {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return code === 'EOPENBREAKER' ? 'breaker_open' : null;
};

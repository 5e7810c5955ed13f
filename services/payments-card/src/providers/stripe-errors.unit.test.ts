import { expect } from 'chai';
import { Stripe } from 'stripe';

import { fromStripeError, isAnswer } from './stripe-errors.ts';

const { errors } = Stripe;
const SECRET = 'sk_test_supersecret';

const answered = (
  type: 'card_error' | 'invalid_request_error' | 'api_error' | 'authentication_error' | 'idempotency_error',
  statusCode: number,
  more: {
    readonly code?: string;
    readonly param?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
) => errors.StripeError.generate({ type, statusCode, message: `Invalid API Key provided: ${SECRET}`, ...more });

const open = Object.assign(new Error('Breaker is open'), { code: 'EOPENBREAKER' });

describe('fromStripeError', () => {
  const REFUSED = [
    ['a bad parameter', answered('invalid_request_error', 400), 'payments_card.provider_refused'],
    [
      'too little',
      answered('invalid_request_error', 400, { code: 'amount_too_small' }),
      'payments_card.amount_out_of_range',
    ],
    ['too late', answered('invalid_request_error', 400, { param: 'expires_at' }), 'payments_card.opened_too_late'],
    ['a wrong key', answered('authentication_error', 401), 'payments_card.credentials_refused'],
    ['a declined card', answered('card_error', 402), 'payments_card.provider_refused'],
  ] as const;
  for (const [name, error, code] of REFUSED) {
    it(`${name} is a definite no: ${code}`, () => {
      expect(fromStripeError(error)).to.include({ outcome: 'refused', code });
      expect(isAnswer(error)).to.equal(true);
    });
  }

  const UNKNOWN = [
    ['a 500', answered('api_error', 500), 'http_500', false],
    [
      'a 500 that was given before under the same key',
      answered('api_error', 500, { headers: { 'idempotent-replayed': 'true' } }),
      'http_500_repeated',
      true,
    ],
    ['a key in use', answered('idempotency_error', 409), 'http_409', true],
    ['a rate limit', answered('invalid_request_error', 429), 'http_429', true],
    ['a key with other parameters', answered('idempotency_error', 400), 'idempotency_key_reused', true],
    [
      'a reset or a time-out',
      new errors.StripeConnectionError({ message: 'reset', type: 'api_error' }),
      'connection',
      false,
    ],
    ['an open breaker', open, 'breaker_open', false],
    ['anything else', new TypeError('fetch failed'), 'no_answer', false],
    ['not even an error', 'x', 'no_answer', false],
  ] as const;
  for (const [name, error, reason, answer] of UNKNOWN) {
    it(`${name} leaves it unknown`, () => {
      expect(fromStripeError(error)).to.deep.equal({ outcome: 'unknown', reason });
      expect(isAnswer(error)).to.equal(answer);
    });
  }

  it('lets nothing of Stripe’s own text through: it may hold a key', () => {
    for (const [, error] of [...REFUSED, ...UNKNOWN]) {
      expect(JSON.stringify(fromStripeError(error))).to.not.contain(SECRET);
    }
  });
});

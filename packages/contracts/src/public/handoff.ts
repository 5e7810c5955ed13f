import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAccountId, Country, CurrencyCode, idOf, Instant, Interval, LanguageTag, ReturnUrl } from '../shapes.ts';
import { ApiCheckoutSession } from './checkout-sessions.ts';

const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be a key like pro');

export const CreateHandoff = httpContract({
  name: 'CreateHandoff',
  service: 'gateway',
  method: 'POST',
  path: '/v1/handoffs',
  summary:
    'A link that takes an account’s owner into one checkout without a second login: good for five minutes and one use.',
  access: { anyOf: ['handoff.create'] },
  audit: 'handoff.created',
  // A kept answer would keep the code. Asked again it is another link, and each dies in five minutes.
  idempotency: 'none',
  rate: 'write',
  status: 201,
  bodyBytesMax: 4096,
  body: z.strictObject({
    account: ApiAccountId,
    owner: z
      .string()
      .min(1)
      .max(200)
      .refine((owner) => !/\p{Cc}/u.test(owner), { error: 'must be a subject of AuthGate, without control characters' })
      .describe(
        'AuthGate’s subject of the account’s owner, whom the caller has before it, logged in: the purchase is theirs.',
      ),
    product: key,
    plan: key,
    interval: Interval,
    currency: CurrencyCode.optional().describe('Default: the catalogue’s for `country` and `language`.'),
    country: Country.optional(),
    language: LanguageTag.optional(),
    successUrl: ReturnUrl.describe('`{CHECKOUT_SESSION_ID}` in them is replaced by the checkout’s id.'),
    cancelUrl: ReturnUrl,
  }),
  answer: z.strictObject({
    id: idOf('hnd'),
    url: z
      .url()
      .describe(
        'Send the owner’s browser there at once. The code is in its fragment, which no server and no log sees.',
      ),
    expiresAt: Instant,
  }),
});

export const UseHandoff = httpContract({
  name: 'UseHandoff',
  service: 'gateway',
  method: 'POST',
  path: '/v1/handoff-sessions',
  summary: 'Trades the code of a hand-off link, once, for a session that can do nothing but this one checkout.',
  access: 'public',
  audit: 'handoff.used',
  idempotency: 'none',
  rate: 'public',
  status: 201,
  bodyBytesMax: 2048,
  body: z.strictObject({ code: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the code of a hand-off link') }),
  answer: z.strictObject({
    session: z.string().describe('Bearer token of the two requests that follow.'),
    expiresAt: Instant,
    accountId: ApiAccountId,
    language: z.string().nullable().describe('What the link asked for; null leaves it to the browser.'),
    successUrl: z.url(),
    cancelUrl: z.url(),
  }),
});

export const OpenHandoffCheckout = httpContract({
  name: 'OpenHandoffCheckout',
  service: 'gateway',
  method: 'POST',
  path: '/v1/handoff-sessions/checkout',
  summary: 'The checkout of this hand-off, opened if it is not yet; asked again it is the same one as it is by then.',
  access: { anyOf: ['handoff.checkout'] },
  audit: 'checkout.created',
  // The hand-off itself is the key.
  idempotency: 'none',
  rate: 'write',
  answer: ApiCheckoutSession,
});

import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAccountId, ApiMoney, idOf, Instant, pageOf, pageById, ReturnUrl } from '../shapes.ts';

const PaymentStatus = z.enum([
  'pending',
  'confirming',
  'completed',
  'failed',
  'expired',
  'refunded',
  'partially_refunded',
  'disputed',
]);

export const ApiPaymentOrder = z
  .strictObject({
    id: idOf('ord'),
    status: PaymentStatus,
    accountId: ApiAccountId,
    invoiceId: idOf('inv'),
    amount: ApiMoney,
    provider: z.string(),
    providerReference: z.string().nullable(),
    paymentId: idOf('pay').nullable(),
    unknownSince: Instant.nullable().describe('Since when nobody knows whether the provider charged; null when known.'),
    payUntil: Instant.nullable(),
    attempts: z.array(
      z.strictObject({
        reference: z.string(),
        outcome: z.enum(['succeeded', 'declined', 'pending', 'unknown']),
        reason: z.string().nullable(),
        at: Instant,
      }),
    ),
    correlationId: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'PaymentOrder' });

export const ListPaymentOrders = httpContract({
  name: 'ListPaymentOrders',
  service: 'payments-card',
  method: 'GET',
  path: '/v1/payment-orders',
  summary: 'Attempts to collect, at the card rail, newest first.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({ ...pageById('ord'), account: ApiAccountId.optional(), status: PaymentStatus.optional() }),
  answer: pageOf(ApiPaymentOrder),
});

export const GetPaymentOrder = httpContract({
  name: 'GetPaymentOrder',
  service: 'payments-card',
  method: 'GET',
  path: '/v1/payment-orders/:id',
  summary: 'One order with its attempts.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: idOf('ord') }),
  answer: ApiPaymentOrder,
});

/** Stripe’s largest documented event payloads stay far below this. */
export const WEBHOOK_BYTES_MAX = 256 * 1024;

export const ReceiveStripeWebhook = httpContract({
  name: 'ReceiveStripeWebhook',
  service: 'payments-card',
  method: 'POST',
  path: '/webhooks/stripe',
  summary: 'Stripe’s events. The raw body is verified and stored before the answer, and worked on afterwards.',
  access: 'signed',
  audit: 'webhook.received',
  idempotency: 'none',
  rate: 'webhook',
  body: 'raw',
  bodyBytesMax: WEBHOOK_BYTES_MAX,
  answer: z.strictObject({ received: z.literal(true) }),
});

export const CreatePortalSession = httpContract({
  name: 'CreatePortalSession',
  service: 'payments-card',
  method: 'POST',
  path: '/v1/portal-sessions',
  summary: 'A link into Stripe’s customer portal for one’s own account: its cards, and what Stripe renews itself.',
  access: { anyOf: ['own.write'] },
  audit: 'portal_session.created',
  idempotency: 'required',
  rate: 'write',
  status: 201,
  body: z.strictObject({
    returnUrl: ReturnUrl.optional().describe(
      'Where the portal’s way back leads; without it, where the portal’s own settings say.',
    ),
  }),
  answer: z.strictObject({
    url: z.url().describe('Good for minutes: send the browser there at once, and ask again for another visit.'),
  }),
});

import { ReceiveStripeWebhook } from '@quittance/contracts';
import { handle, ok } from '@quittance/http';

import { type ReceiveWebhook } from '../application/index.ts';

export const stripeWebhookHandler = (receiveWebhook: ReceiveWebhook) =>
  handle(ReceiveStripeWebhook, async ({ body, request }) => {
    const signature = request.headers('stripe-signature');
    await receiveWebhook({ body, signature });
    return ok({ received: true as const });
  });

import { ReceiveStripeWebhook } from '@quittance/contracts';
import { handle, ok } from '@quittance/http';
import { requireOperation, runInOperation } from '@quittance/runtime';

import { type ReceiveWebhook } from '../application/index.ts';

/** The provider acts, through us: that is what the trail says of it. */
const STRIPE = { kind: 'provider', id: 'stripe' } as const;

export const stripeWebhookHandler = (receiveWebhook: ReceiveWebhook) =>
  handle(ReceiveStripeWebhook, async ({ body, request }) => {
    const signature = request.headers('stripe-signature');
    await runInOperation({ ...requireOperation(), actor: STRIPE }, () => receiveWebhook({ body, signature }));
    return ok({ received: true as const });
  });

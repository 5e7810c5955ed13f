import { must } from '@quittance/kernel';
import { CARDS, type RunningSuite } from '@quittance/local';
import { Stripe } from 'stripe';

import { type BenchSuite, openCheckout, openPool, type Prepared } from './bench-suite.ts';

/** A checkout that the customer has paid, and the news of it, not yet delivered. */
export interface PaidCheckout extends Prepared {
  readonly event: string;
}

/** Pays `count` checkouts while the provider's webhooks are held back, and the sweep that would ask for them waits. */
export const preparePaid = async (suite: BenchSuite, count: number): Promise<readonly PaidCheckout[]> => {
  await holdWebhooks(suite);
  const card = suite.processes?.processes.find(({ service }) => service === 'payments-card');
  await card?.stop();
  await card?.start({ SWEEP_INTERVAL_MS: '3600000' });
  const prepared: Prepared[] = [];
  const lane = async (): Promise<void> => {
    while (prepared.length < count) {
      const checkout = await openCheckout(suite);
      await suite.shopper.pay(checkout.payUrl, CARDS.succeeds);
      prepared.push(checkout);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  const events = await readEvents(suite);
  return prepared.slice(0, count).map((checkout) => ({
    ...checkout,
    event: must(events.get(checkout.checkoutId), `event of ${checkout.checkoutId}`),
  }));
};

/** Signs it now, as the provider does; what comes back delivers it and resolves when it was accepted. */
export const prepareDelivery = ({ facts }: RunningSuite, { event }: PaidCheckout): (() => Promise<void>) => {
  const { webhooks } = new Stripe('sk_test_unused');
  const secret = facts.secrets.stripeWebhookSecret;
  const headers = {
    'content-type': 'application/json',
    'stripe-signature': webhooks.generateTestHeaderString({ payload: event, secret }),
  };
  return async () => {
    const response = await fetch(`${facts.gatewayUrl}/webhooks/stripe`, { method: 'POST', headers, body: event });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`The webhook was answered ${response.status}.`);
  };
};

const holdWebhooks = async ({ facts }: RunningSuite): Promise<void> => {
  await fetch(`${facts.sandboxUrl}/_sandbox/stripe/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pause: true }),
  });
};

/** `checkout.session.completed` by the checkout it is about. */
const readEvents = async (suite: BenchSuite): Promise<ReadonlyMap<string, string>> => {
  const pool = openPool(suite, 'sandbox', 1);
  try {
    const { rows } = await pool.query<{ checkout: string; event: string }>(
      `SELECT body #>> '{data,object,metadata,correlation}' AS checkout, body::text AS event FROM stripe_objects
       WHERE kind = 'event' AND body ->> 'type' = 'checkout.session.completed'`,
    );
    return new Map(rows.map(({ checkout, event }) => [checkout, event]));
  } finally {
    await pool.end();
  }
};

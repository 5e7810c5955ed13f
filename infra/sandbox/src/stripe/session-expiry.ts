import { type Stripe } from 'stripe';

import { type SandboxDatabase } from '../database.ts';
import { type StripeCall } from './call.ts';
import { emitEvent } from './emit-event.ts';
import { lockObject, updateObject } from './objects.ts';
import { cancelIntent } from './payment-intents.ts';

const BATCH_MAX = 100;

/** Closes what is past its `expires_at`; returns how many. Rows someone is paying with right now are left to them. */
export const expireDueSessions = async (call: StripeCall): Promise<number> => {
  const due = await call.tx.query<{ body: Stripe.Checkout.Session }>(
    `SELECT body FROM stripe_objects
     WHERE kind = 'checkout.session' AND body->>'status' = 'open' AND (body->>'expires_at')::bigint <= $1
     LIMIT ${BATCH_MAX} FOR UPDATE SKIP LOCKED`,
    [call.nowS],
  );
  for (const row of due) await expireSession(call, row.body);
  return due.length;
};

/** When the next open session closes by itself; null while none is open. */
export const nextSessionExpiry = async (database: SandboxDatabase): Promise<Date | null> => {
  const rows = await database.query<{ at: string | null }>(
    `SELECT min((body->>'expires_at')::bigint)::text AS at FROM stripe_objects
     WHERE kind = 'checkout.session' AND body->>'status' = 'open'`,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : new Date(Number(at) * 1000);
};

/** The caller holds the session's lock. An intent that was waiting for another card can no longer be paid. */
export const expireSession = async (
  call: StripeCall,
  session: Stripe.Checkout.Session,
): Promise<Stripe.Checkout.Session> => {
  const expired: Stripe.Checkout.Session = { ...session, status: 'expired', url: null };
  await updateObject(call.tx, expired);
  if (typeof session.payment_intent === 'string') {
    const intent = await lockObject(call.tx, 'payment_intent', session.payment_intent);
    if (intent !== null) await cancelIntent(call, intent, 'expired');
  }
  await emitEvent(call, 'checkout.session.expired', expired);
  return expired;
};

import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { AUTHENTICATION_FAILED, type Decline, type TestCard } from './cards.ts';
import { addCharge } from './charges.ts';
import { emitEvent } from './emit-event.ts';
import { updateObject } from './objects.ts';
import { attachTo, cardBehind } from './payment-methods.ts';

/** `authenticated`: the holder has just passed the challenge. */
export type Presence = 'on_session' | 'off_session' | 'authenticated';

export interface Attempt {
  readonly intent: Stripe.PaymentIntent;
  readonly decline: Decline | null;
}

/** Charges the card once. The outcome follows from the test card alone; the books and the events follow the outcome. */
export const attemptPayment = async (
  call: StripeCall,
  request: {
    readonly intent: Stripe.PaymentIntent;
    readonly method: Stripe.PaymentMethod;
    readonly presence: Presence;
  },
): Promise<Attempt> => {
  const { intent, method, presence } = request;
  const verdict = verdictOf(await cardBehind(call, method), presence);
  if (verdict === 'challenge') return { intent: await askForChallenge(call, intent, method), decline: null };
  const customer = typeof intent.customer === 'string' ? intent.customer : null;
  const decline = verdict === 'succeeds' ? null : verdict;
  const charge = await addCharge(call, {
    intent,
    method,
    customer,
    decline,
    authenticated: presence === 'authenticated',
  });
  if (decline !== null)
    return { intent: await failIntent(call, intent, { method, decline, chargeId: charge.id }), decline };
  if (intent.setup_future_usage !== null && customer !== null) await attachTo(call, method, customer);
  const succeeded: Stripe.PaymentIntent = {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  };
  await updateObject(call.tx, succeeded);
  await emitEvent(call, 'payment_intent.succeeded', succeeded);
  return { intent: succeeded, decline: null };
};

/** The holder did not pass the challenge: no charge was made, the attempt failed. */
export const refuseChallenge = async (
  call: StripeCall,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Promise<Attempt> => ({
  intent: await failIntent(call, intent, { method, decline: AUTHENTICATION_FAILED, chargeId: null }),
  decline: AUTHENTICATION_FAILED,
});

const verdictOf = (card: TestCard, presence: Presence): 'succeeds' | 'challenge' | Decline => {
  if (presence === 'off_session') return card.offSession;
  return card.onSession === 'challenge' && presence === 'authenticated' ? 'succeeds' : card.onSession;
};

const askForChallenge = async (
  call: StripeCall,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Promise<Stripe.PaymentIntent> => {
  const waiting: Stripe.PaymentIntent = {
    ...intent,
    payment_method: method.id,
    status: 'requires_action',
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { url: `${call.publicUrl}/challenge/${intent.id}`, return_url: null },
    },
  };
  await updateObject(call.tx, waiting);
  await emitEvent(call, 'payment_intent.requires_action', waiting);
  return waiting;
};

const failIntent = async (
  call: StripeCall,
  intent: Stripe.PaymentIntent,
  failure: { readonly method: Stripe.PaymentMethod; readonly decline: Decline; readonly chargeId: string | null },
): Promise<Stripe.PaymentIntent> => {
  const { method, decline, chargeId } = failure;
  const failed: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: {
      type: chargeId === null ? 'invalid_request_error' : 'card_error',
      code: decline.code,
      message: decline.message,
      payment_method: method,
      ...(decline.declineCode === null ? {} : { decline_code: decline.declineCode }),
      ...(chargeId === null ? {} : { charge: chargeId }),
      doc_url: `https://docs.stripe.com/error-codes#${decline.code}`,
    },
    latest_charge: chargeId ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  await updateObject(call.tx, failed);
  await emitEvent(call, 'payment_intent.payment_failed', failed);
  return failed;
};

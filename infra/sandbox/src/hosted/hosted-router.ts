import express, { type Request, type Response, Router } from 'express';
import { type Stripe } from 'stripe';

import { type Language, PAGE_HEADERS, pickLanguage } from '../html.ts';
import { readHidden, readObject } from '../stripe/objects.ts';
import { isRecord } from '../stripe/params.ts';
import { lineItemsOf } from '../stripe/sessions.ts';
import { callIn, type StripeWorld } from '../stripe/stripe-world.ts';
import { type Webhooks } from '../stripe/webhooks.ts';
import { challengePage, checkoutPage, closedPage, receiptPage } from './pages.ts';
import { answerChallenge, type CardForm, finishChallenge, type PayOutcome, payWithCard } from './pay.ts';
import { type PayProblem } from './texts.ts';

/** As long as Stripe holds the customer back for the first delivery of `checkout.session.completed`. */
const FIRST_DELIVERY_WAIT_MS = 10_000;

/** The pages a customer sees: `/pay/:sessionId` and `/challenge/:intentId`. */
export const makeHostedRouter = (world: StripeWorld, webhooks: Webhooks): Router => {
  const router = Router();
  router.use(['/pay', '/challenge'], express.urlencoded({ extended: false, limit: '16kb' }));
  const parts = { world, webhooks };

  router.get('/pay/:id', async (req, res) => {
    const session = await world.database.transaction((tx) => readObject(tx, 'checkout.session', req.params.id));
    const payable = session?.status === 'open' && session.expires_at > callNowS(world);
    if (session?.status === 'complete') redirectToSuccess(res, session);
    else if (session === null || !payable) sendPage(res, 410, closedPage(languageOf(req, session)));
    else await sendCheckout(parts, { req, res }, { session, problem: null, status: 200 });
  });

  router.post('/pay/:id', async (req, res) => {
    const outcome = await world.database.transaction((tx) =>
      payWithCard(callIn(world, tx), req.params.id, readCardForm(req.body)),
    );
    await sendOutcome(parts, { req, res }, outcome);
  });

  router.get('/receipts/:id', async (req, res) => {
    const charge = await world.database.transaction((tx) => readObject(tx, 'charge', req.params.id));
    if (charge === null) sendPage(res, 404, closedPage(languageOf(req, null)));
    else sendPage(res, 200, receiptPage(charge, languageOf(req, null)));
  });

  router.get('/challenge/:id', async (req, res) => {
    const intent = await world.database.transaction((tx) => readObject(tx, 'payment_intent', req.params.id));
    if (intent?.status === 'requires_action') sendPage(res, 200, challengePage(intent, languageOf(req, null)));
    else sendPage(res, 410, closedPage(languageOf(req, null)));
  });

  router.post('/challenge/:id', async (req, res) => {
    const passed = fieldOf(req.body, 'answer') === 'complete';
    const intentId = req.params.id;
    const hidden = await world.database.transaction((tx) => readHidden(tx, 'payment_intent', intentId));
    if (hidden?.sessionId) {
      const outcome = await world.database.transaction((tx) => answerChallenge(callIn(world, tx), intentId, passed));
      await sendOutcome(parts, { req, res }, outcome);
      return;
    }
    const attempt = await world.database.transaction((tx) => finishChallenge(callIn(world, tx), intentId, passed));
    webhooks.wake();
    if (attempt === null || !hidden?.returnUrl)
      sendPage(res, attempt === null ? 410 : 200, closedPage(languageOf(req, null)));
    else
      res.redirect(
        303,
        withQuery(hidden.returnUrl, {
          payment_intent: intentId,
          redirect_status: attempt.decline ? 'failed' : 'succeeded',
        }),
      );
  });
  return router;
};

interface Parts {
  readonly world: StripeWorld;
  readonly webhooks: Webhooks;
}

interface Exchange {
  readonly req: Request;
  readonly res: Response;
}

const sendOutcome = async (parts: Parts, exchange: Exchange, outcome: PayOutcome): Promise<void> => {
  const { res } = exchange;
  parts.webhooks.wake();
  switch (outcome.kind) {
    case 'paid':
      if (outcome.eventId !== null) await parts.webhooks.attempted(outcome.eventId, FIRST_DELIVERY_WAIT_MS);
      redirectToSuccess(res, outcome.session);
      return;
    case 'challenge':
      res.redirect(303, `/challenge/${outcome.intentId}`);
      return;
    case 'refused':
      await sendCheckout(parts, exchange, { session: outcome.session, problem: outcome.problem, status: 402 });
      return;
    case 'closed':
      sendPage(res, 410, closedPage(languageOf(exchange.req, null)));
  }
};

const sendCheckout = async (
  { world }: Parts,
  { req, res }: Exchange,
  facts: { readonly session: Stripe.Checkout.Session; readonly problem: PayProblem | null; readonly status: number },
): Promise<void> => {
  const { session, problem, status } = facts;
  const lines = await world.database.transaction((tx) => lineItemsOf(callIn(world, tx), session.id));
  const email = fieldOf(req.body, 'email') || (session.customer_email ?? '');
  const name = fieldOf(req.body, 'name');
  sendPage(
    res,
    status,
    checkoutPage({ session, lineItems: lines.data, language: languageOf(req, session), problem, email, name }),
  );
};

const sendPage = (res: Response, status: number, markup: string): void => {
  res.status(status).set(PAGE_HEADERS).type('html').send(markup);
};

const redirectToSuccess = (res: Response, session: Stripe.Checkout.Session): void => {
  const target = (session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
  res.redirect(303, target);
};

/** The page's own form sends every field; a script may send the card alone. */
const readCardForm = (body: unknown): CardForm => ({
  card: fieldOf(body, 'card'),
  expiry: isRecord(body) && 'expiry' in body ? fieldOf(body, 'expiry') : '12/34',
  cvc: isRecord(body) && 'cvc' in body ? fieldOf(body, 'cvc') : '123',
  name: fieldOf(body, 'name'),
  email: fieldOf(body, 'email'),
});

const fieldOf = (body: unknown, name: string): string => {
  const value = isRecord(body) ? body[name] : undefined;
  return typeof value === 'string' ? value.trim() : '';
};

const languageOf = (req: Request, session: Stripe.Checkout.Session | null): Language =>
  pickLanguage(session?.locale, req.get('accept-language'));

const callNowS = (world: StripeWorld): number => Math.floor(world.clock.now().getTime() / 1000);

const withQuery = (target: string, values: Readonly<Record<string, string>>): string => {
  const url = new URL(target);
  Object.entries(values).forEach(([name, value]) => url.searchParams.set(name, value));
  return url.href;
};

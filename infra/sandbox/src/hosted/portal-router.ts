import express, { Router } from 'express';

import { type Html, html, type Language, PAGE_HEADERS, page, pickLanguage } from '../html.ts';
import { allObjects, readObject } from '../stripe/objects.ts';
import { type OwnSubscription } from '../stripe/own-subscription.ts';
import { moveOwnSubscription } from '../stripe/own-subscriptions.ts';
import { type PortalSession } from '../stripe/portal-session.ts';
import { callIn, type StripeWorld } from '../stripe/stripe-world.ts';
import { type Webhooks } from '../stripe/webhooks.ts';
import { formatStripeAmount } from './texts.ts';

/** Stripe's customer portal, as far as it matters here: what Stripe renews itself, and ending it with its period. */
export const makePortalRouter = (world: StripeWorld, webhooks: Webhooks): Router => {
  const router = Router();
  router.use('/portal', express.urlencoded({ extended: false, limit: '4kb' }));

  router.get('/portal/:id', async (req, res) => {
    const visit = await read(world, req.params.id);
    const language = pickLanguage(req.get('accept-language'));
    res
      .status(visit === null ? 404 : 200)
      .set(PAGE_HEADERS)
      .type('html')
      .send(portalPage(visit, language));
  });

  router.post('/portal/:id/subscriptions/:subscription/cancel', async (req, res) => {
    const { id, subscription } = req.params;
    const visit = await read(world, id);
    const own = visit?.subscriptions.find((one) => one.id === subscription && !one.cancel_at_period_end);
    if (own !== undefined) {
      await world.database.transaction((tx) => moveOwnSubscription(callIn(world, tx), own.id, 'cancel_at_period_end'));
      webhooks.wake();
    }
    res.redirect(303, `/portal/${encodeURIComponent(id)}`);
  });
  return router;
};

interface Visit {
  readonly session: PortalSession;
  readonly subscriptions: readonly OwnSubscription[];
}

const read = (world: StripeWorld, id: string): Promise<Visit | null> =>
  world.database.transaction(async (tx) => {
    const session = await readObject(tx, 'billing_portal.session', id);
    if (session === null) return null;
    const all = await allObjects(tx, 'subscription');
    return {
      session,
      subscriptions: all.filter(({ customer, status }) => customer === session.customer && status !== 'canceled'),
    };
  });

const portalPage = (visit: Visit | null, language: Language): string => {
  const text = TEXTS[language];
  const body =
    visit === null
      ? html`<section class="card"><h1>${text.closed}</h1></section>`
      : html`<section class="card">
          <h1>${text.title}</h1>
          ${visit.subscriptions.length === 0 ? html`<p class="soft">${text.nothing}</p>` : null}
          ${visit.subscriptions.map((one) => lineOf(visit.session, one, language))}
          ${visit.session.return_url === null ? null : html`<p><a href="${visit.session.return_url}">${text.back}</a></p>`}
        </section>`;
  return page({ title: text.title, language, layout: 'narrow', body });
};

const lineOf = (session: PortalSession, one: OwnSubscription, language: Language): Html => {
  const text = TEXTS[language];
  const price = one.items.data[0]?.price;
  const amount = formatStripeAmount(price?.unit_amount ?? 0, one.currency, language);
  const action = `/portal/${session.id}/subscriptions/${one.id}/cancel`;
  return html`<div class="line">
    <bdi>${amount} / ${price?.recurring.interval ?? ''}</bdi>
    ${
      one.cancel_at_period_end
        ? html`<span class="soft">${text.ends}</span>`
        : html`<form method="post" action="${action}"><button>${text.cancel}</button></form>`
    }
  </div>`;
};

const TEXTS: Readonly<
  Record<Language, Readonly<Record<'title' | 'nothing' | 'back' | 'cancel' | 'ends' | 'closed', string>>>
> = {
  en: {
    title: 'Your subscriptions',
    nothing: 'Nothing is renewed here.',
    back: 'Back',
    cancel: 'End with its period',
    ends: 'Ends with its period',
    closed: 'This link is over.',
  },
  fr: {
    title: 'Vos abonnements',
    nothing: 'Rien n’est renouvelé ici.',
    back: 'Retour',
    cancel: 'Arrêter à l’échéance',
    ends: 'S’arrête à l’échéance',
    closed: 'Ce lien n’est plus valable.',
  },
  ar: {
    title: 'اشتراكاتك',
    nothing: 'لا شيء يتجدد هنا.',
    back: 'رجوع',
    cancel: 'إنهاء عند نهاية الفترة',
    ends: 'ينتهي عند نهاية الفترة',
    closed: 'هذا الرابط لم يعد صالحًا.',
  },
};

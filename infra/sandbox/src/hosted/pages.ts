import { type Stripe } from 'stripe';

import { type Html, html, type Language, page } from '../html.ts';
import { TEST_CARDS } from '../stripe/cards.ts';
import { formatStripeAmount, PAY_TEXTS, type PayProblem } from './texts.ts';

export interface CheckoutView {
  readonly session: Stripe.Checkout.Session;
  readonly lineItems: readonly Stripe.LineItem[];
  readonly language: Language;
  readonly problem: PayProblem | null;
  readonly email: string;
  readonly name: string;
}

/** The hosted page. It never shows a card number back, not even after a decline. */
export const checkoutPage = (view: CheckoutView): string => {
  const texts = PAY_TEXTS[view.language];
  const total = formatStripeAmount(view.session.amount_total ?? 0, view.session.currency ?? 'usd', view.language);
  const problem = view.problem === null ? null : html`<div class="bad" role="alert">${texts[view.problem]}</div>`;
  const body = html`<section aria-label="${texts.total}">
      <p class="soft">${texts.total}</p>
      <p class="amount"><bdi>${total}</bdi></p>
      ${linesOf(view)}${backLink(view)}
    </section>
    <section class="card">
      <h1>${texts.title}</h1>
      ${problem}
      <form method="post" action="/pay/${view.session.id}" id="form">
        <label for="email">${texts.email}</label
        ><input id="email" name="email" type="email" autocomplete="email" required value="${view.email}" dir="ltr" />
        <label for="card">${texts.card}</label
        ><input
          id="card"
          name="card"
          inputmode="numeric"
          autocomplete="cc-number"
          required
          placeholder="4242 4242 4242 4242"
          dir="ltr"
        />
        <div class="pair">
          <div>
            <label for="expiry">${texts.expiry}</label
            ><input
              id="expiry"
              name="expiry"
              inputmode="numeric"
              autocomplete="cc-exp"
              required
              placeholder="12 / 34"
              dir="ltr"
            />
          </div>
          <div>
            <label for="cvc">${texts.cvc}</label
            ><input
              id="cvc"
              name="cvc"
              inputmode="numeric"
              autocomplete="cc-csc"
              required
              placeholder="123"
              dir="ltr"
            />
          </div>
        </div>
        <label for="name">${texts.name}</label
        ><input id="name" name="name" autocomplete="cc-name" required value="${view.name}" dir="auto" />
        <button class="go" type="submit">${texts.pay} <bdi>${total}</bdi></button>
      </form>
      <h2>${texts.testCards}</h2>
      <div class="chips">
        ${TEST_CARDS.map((card) => html`<button type="button" data-card="${card.number}" title="${card.about}"><bdi>${spaced(card.number)}</bdi> · ${card.about}</button>`)}
      </div>
    </section>
    ${SCRIPT}`;
  return page({ language: view.language, title: texts.title, layout: 'two', body });
};

const linesOf = (view: CheckoutView): readonly Html[] =>
  view.lineItems.map((item) => {
    const amount = formatStripeAmount(item.amount_total, item.currency, view.language);
    return html`<div class="line">
      <span>${item.description ?? ''}${item.quantity === 1 ? null : html` × ${item.quantity ?? 1}`}</span
      ><bdi>${amount}</bdi>
    </div>`;
  });

const backLink = (view: CheckoutView): Html | null =>
  view.session.cancel_url === null
    ? null
    : html`<p><a href="${view.session.cancel_url}" rel="noreferrer">${PAY_TEXTS[view.language].back}</a></p>`;

const spaced = (number: string): string => number.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** Ours, not a value: fills in a test card on click, and refuses a second submit of the same click. */
const SCRIPT: Html = {
  markup: `<script>
for (const button of document.querySelectorAll('[data-card]')) button.addEventListener('click', () => {
  document.getElementById('card').value = button.dataset.card;
  for (const [id, value] of [['expiry', '12 / 34'], ['cvc', '123'], ['name', 'Test Customer'], ['email', 'customer@example.test']]) {
    const field = document.getElementById(id); if (!field.value) field.value = value;
  }
});
document.getElementById('form').addEventListener('submit', (event) => { event.submitter.disabled = true; });
</script>`,
};

export const challengePage = (intent: Stripe.PaymentIntent, language: Language): string => {
  const texts = PAY_TEXTS[language];
  const amount = formatStripeAmount(intent.amount, intent.currency, language);
  const body = html`<section class="card">
    <h1>${texts.challengeTitle}</h1>
    <p class="amount"><bdi>${amount}</bdi></p>
    <p>${texts.challenge}</p>
    <form method="post" action="/challenge/${intent.id}">
      <button class="go" name="answer" value="complete">${texts.complete}</button
      ><button class="plain" name="answer" value="fail">${texts.fail}</button>
    </form>
  </section>`;
  return page({ language, title: texts.challengeTitle, layout: 'narrow', body });
};

/** What `receipt_url` of a charge leads to. */
export const receiptPage = (charge: Stripe.Charge, language: Language): string => {
  const texts = PAY_TEXTS[language];
  const amount = formatStripeAmount(charge.amount, charge.currency, language);
  const back = formatStripeAmount(charge.amount_refunded, charge.currency, language);
  const body = html`<section class="card">
    <h1>${texts.receipt}</h1>
    <p class="amount"><bdi>${amount}</bdi></p>
    <div class="line">
      <span>${texts.card}</span><bdi>•••• ${charge.payment_method_details?.card?.last4 ?? ''}</bdi>
    </div>
    <div class="line"><span>${texts.refunded}</span><bdi>${back}</bdi></div>
    <p class="soft"><bdi>${charge.id}</bdi></p>
  </section>`;
  return page({ language, title: texts.receipt, layout: 'narrow', body });
};

export const closedPage = (language: Language): string => {
  const texts = PAY_TEXTS[language];
  return page({
    language,
    title: texts.closedTitle,
    layout: 'narrow',
    body: html`<section class="card">
      <h1>${texts.closedTitle}</h1>
      <p>${texts.closed}</p>
    </section>`,
  });
};

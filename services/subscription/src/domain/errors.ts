import { type ErrorTable, makeFail } from '@quittance/kernel';

export const subscriptionErrors = {
  'subscription.plan_not_for_sale': {
    kind: 'refused',
    title: 'This plan is not for sale here',
    remedy: 'Choose a plan from `GET /v1/pricing`; Enterprise plans are sold by people, see `contact_sales`.',
  },
  'subscription.price_unavailable': {
    kind: 'refused',
    title: 'This plan has no price in that currency and interval',
    remedy: 'Choose one of `details.available`.',
  },
  'subscription.amount_too_high': {
    kind: 'refused',
    title: 'So many cost more than one invoice can carry',
    remedy: 'Choose a smaller quantity, or ask for a contract; `details.amountMinorMax` is the limit.',
  },
  'subscription.free_once': {
    kind: 'refused',
    title: 'What costs nothing is had once',
    remedy: 'Leave `quantity` out, or choose a plan that has a price; an operator may give more.',
  },
  'subscription.already_subscribed': {
    kind: 'refused',
    title: 'The account already has a subscription for this product',
    remedy: 'Change the plan of `details.subscriptionId` instead of buying a second one.',
  },
  'subscription.rail_unavailable': {
    kind: 'refused',
    title: 'This way of paying is not offered',
    remedy: 'Choose one of `details.available`.',
  },
  'subscription.coupon_unknown': {
    kind: 'refused',
    title: 'There is no such coupon',
    remedy: 'Check the code, or leave it out.',
  },
  'subscription.coupon_expired': {
    kind: 'refused',
    title: 'This coupon has expired',
    remedy: 'Leave it out, or use another one.',
  },
  'subscription.coupon_exhausted': {
    kind: 'refused',
    title: 'This coupon has been used as often as it may be',
    remedy: 'Leave it out. A use that an unpaid checkout holds may become free later.',
  },
  'subscription.coupon_used': {
    kind: 'refused',
    title: 'The account has used this coupon as often as it may',
    remedy: 'Leave it out, or use another one.',
  },
  'subscription.coupon_not_for_plan': {
    kind: 'refused',
    title: 'This coupon is not for this plan',
    remedy: 'Choose a plan it is for, or leave it out.',
  },
  'subscription.coupon_not_for_currency': {
    kind: 'refused',
    title: 'This coupon is not for this currency',
    remedy: 'Pay in a currency it is for, or leave it out.',
  },
  'subscription.coupon_takes_nothing': {
    kind: 'refused',
    title: 'There is nothing here that a coupon could take something off',
    remedy: 'A coupon is for whole periods: bring it to a checkout, or to a change that begins and bills a new one.',
  },
  'subscription.checkout_closed': {
    kind: 'conflict',
    title: 'This checkout is over',
    remedy: 'Start a new checkout; nothing was charged for this one unless its status is completed.',
  },
  'subscription.illegal_transition': {
    kind: 'conflict',
    title: 'The subscription cannot do that in its present status',
    remedy: 'Read its status and the transitions in the service’s README.',
  },
  'subscription.nothing_to_change': {
    kind: 'refused',
    title: 'The subscription is like that already',
    remedy: 'Say another plan, interval, quantity or items; `GET /v1/subscriptions/:id` says what it has.',
  },
  'subscription.item_repeated': {
    kind: 'invalid',
    title: 'One item is named twice',
    remedy: 'Give every item its own key, and say how many by its quantity.',
  },
  'subscription.usage_exceeds_plan': {
    kind: 'refused',
    title: 'More is in use than the chosen plan allows',
    remedy: 'Remove what `details.exceeded` names, or choose a plan that allows it.',
  },
  'subscription.managed_elsewhere': {
    kind: 'refused',
    title: 'This subscription is renewed by Stripe and changed there',
    remedy:
      'Change, pause or cancel it at Stripe, where it is billed: the customer by the link of `POST /v1/portal-sessions`. What is done there follows here within seconds.',
  },
  'subscription.renewal_in_progress': {
    kind: 'conflict',
    title: 'The period is over and is being renewed',
    remedy:
      'Ask again when the renewal is settled, which takes seconds; or cancel now: what is not paid by then is given up.',
  },
  'subscription.nothing_to_convert': {
    kind: 'refused',
    title: 'Nothing of what was paid can become time on that plan',
    remedy: 'Converting at once is for operators, from a dearer plan to a cheaper one that costs something.',
  },
  'subscription.payment_needed': {
    kind: 'refused',
    title: 'This change is to be paid for',
    remedy: 'Say where the browser goes afterwards: `successUrl` and `cancelUrl`.',
  },
  'subscription.quote_stale': {
    kind: 'conflict',
    title: 'The preview no longer holds',
    remedy: 'Ask for a new preview and show it before you commit.',
  },
  'subscription.changed_meanwhile': {
    kind: 'conflict',
    title: 'The subscription was changed by somebody else meanwhile',
    remedy: 'Read it again (`details.version` is the present one), and ask again if the change is still wanted.',
  },
  'subscription.ends_with_period': {
    kind: 'conflict',
    title: 'The subscription ends with its period',
    remedy: 'Undo the cancellation first: `POST /v1/subscriptions/:id/resume`.',
  },
  'subscription.resume_in_past': {
    kind: 'invalid',
    title: 'A pause cannot end before it begins',
    remedy: 'Choose a later `resumesAt`, or leave it out and resume by hand.',
  },
  'subscription.period_over': {
    kind: 'refused',
    title: 'What was paid is over',
    remedy: 'Start a new checkout.',
  },
  'subscription.trial_unavailable': {
    kind: 'refused',
    title: 'There is no trial for this account',
    remedy: 'A trial is had once per account and product, where the plan offers one; buy the plan instead.',
  },
  'subscription.version_not_here': {
    kind: 'conflict',
    title: 'This version of the plan is not known here',
    remedy:
      'Right after publishing, ask again in a second: the news is on its way. Otherwise check the id; `GET /v1/plans/:id/versions` lists them.',
  },
  'subscription.version_superseded': {
    kind: 'conflict',
    title: 'The plan was published anew since this version',
    remedy: 'Ask for a preview of moving to the newest one, `details.newestVersionId`.',
  },
  'subscription.move_failed': {
    kind: 'internal',
    title: 'This subscription could not be moved to the newest version of its plan',
    remedy:
      'Its row of the move says what went wrong. Put the subscription right, preview a move again and start that.',
  },
  'subscription.change_pending': {
    kind: 'conflict',
    title: 'Another change waits for its payment or for its day',
    remedy: 'Wait until it has happened or lapsed, or undo it first.',
  },
  'subscription.change_settled': {
    kind: 'conflict',
    title: 'The change is done, or was given up',
    remedy: 'Only a change that is scheduled or waits for its payment can be undone; make a new one instead.',
  },
} as const satisfies ErrorTable;

export const subscriptionFail = makeFail(subscriptionErrors);

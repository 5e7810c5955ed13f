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
} as const satisfies ErrorTable;

export const subscriptionFail = makeFail(subscriptionErrors);

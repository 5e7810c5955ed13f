import { type ErrorTable, makeFail } from '@quittance/kernel';

export const catalogErrors = {
  'catalog.translation_missing': {
    kind: 'refused',
    title: 'A supported language is missing',
    remedy: 'Add the texts listed in `details.missing`; nothing was changed.',
  },
  'catalog.rate_missing': {
    kind: 'refused',
    title: 'A currency has neither a price nor an exchange rate',
    remedy: 'Add a price in `details.currency`, or a rate from `details.base`; nothing was published.',
  },
  'catalog.price_missing': {
    kind: 'refused',
    title: 'A plan sold in self service needs a price',
    remedy:
      'Add a price for everywhere for each interval and currency in `details.missing`, or sell the plan through people; nothing was published.',
  },
  'catalog.price_too_high': {
    kind: 'refused',
    title: 'A price is beyond what anybody can be charged, or be told exactly',
    remedy:
      'Lower the price, set one in `details.currency`, correct the rate, or sell the plan through people; nothing was published.',
  },
  'catalog.price_too_low': {
    kind: 'refused',
    title: 'A converted price would be nothing',
    remedy: 'Set a price in `details.currency` or correct the rate; nothing was published.',
  },
  'catalog.plan_too_large': {
    kind: 'refused',
    title: 'The plan is too large to be told to those who sell it',
    remedy:
      'Take out prices, intervals, items or entitlements until `details.bytes` fits: every interval has a price in every currency. Nothing was published.',
  },
  'catalog.duplicate': {
    kind: 'refused',
    title: 'The document says one thing twice',
    remedy: 'Keep one of the entries listed in `details.duplicates`.',
  },
  'catalog.edition_unknown': {
    kind: 'refused',
    title: 'The product has no such edition',
    remedy: 'Choose one of `details.editions`, or add the edition to the product first.',
  },
  'catalog.edition_in_use': {
    kind: 'refused',
    title: 'An edition cannot be taken away',
    remedy: 'Send all of `details.editions`, and new ones beside them.',
  },
  'catalog.key_taken': {
    kind: 'refused',
    title: 'This key is in use',
    remedy: 'Choose another key; keys are never used again.',
  },
  'catalog.unknown_plan': {
    kind: 'refused',
    title: 'A coupon is for plans that do not exist',
    remedy: 'Leave out `details.planIds`, or leave `planIds` empty for every plan.',
  },
  'catalog.coupon_expired': {
    kind: 'refused',
    title: 'The coupon would have expired before anybody could use it',
    remedy: 'Choose an instant after `details.now`, or null for a coupon that does not expire.',
  },
  'catalog.coupon_currency': {
    kind: 'refused',
    title: 'The amount and the currencies of the coupon do not fit',
    remedy: 'Leave `currencies` empty for a fixed amount, and use supported ones.',
  },
  'catalog.not_published': {
    kind: 'conflict',
    title: 'The plan is not on sale',
    remedy: 'Publish it first; a plan that never was is nothing but its draft, and on no page.',
  },
  'catalog.unsupported_language': {
    kind: 'invalid',
    title: 'Nothing is told in this language',
    remedy: 'Use one of `details.supported`; a page may also be asked for without `lang`.',
  },
  'catalog.unknown_product': {
    kind: 'invalid',
    title: 'Nothing of this product is on sale',
    remedy: 'Ask for one of `details.products`, or leave `product` out to see all.',
  },
  'catalog.unsupported_currency': {
    kind: 'invalid',
    title: 'Nothing is sold in this currency',
    remedy: 'Use one of `details.supported`; a page may also be asked for without `currency`.',
  },
} as const satisfies ErrorTable;

export const catalogFail = makeFail(catalogErrors);

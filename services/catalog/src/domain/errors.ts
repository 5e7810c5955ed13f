import { type ErrorTable, makeFail } from '@quittance/kernel';

export const catalogErrors = {
  'catalog.translation_missing': {
    kind: 'refused',
    title: 'A supported language is missing',
    remedy: 'Add the texts listed in `details.missing`; nothing was published.',
  },
  'catalog.rate_missing': {
    kind: 'refused',
    title: 'A currency has neither a price nor an exchange rate',
    remedy: 'Add a price in `details.currency`, or a rate from `details.base`; nothing was published.',
  },
  'catalog.unsupported_language': {
    kind: 'invalid',
    title: 'Prices are not told in this language',
    remedy: 'Ask for one of `details.supported`, or leave `lang` out.',
  },
  'catalog.unsupported_currency': {
    kind: 'invalid',
    title: 'Prices are not set in this currency',
    remedy: 'Ask for one of `details.supported`, or leave `currency` out.',
  },
} as const satisfies ErrorTable;

export const catalogFail = makeFail(catalogErrors);

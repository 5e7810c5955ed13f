import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import type { Catalogue, en } from './en.ts';
import { applyLanguage, directionOf, isLanguage, type Language, rememberLanguage } from './languages.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

/** One chunk a language: a reader downloads only their own. */
const catalogues: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import('./en.ts')).en,
  fr: async () => (await import('./fr.ts')).fr,
  ar: async () => (await import('./ar.ts')).ar,
};

export const startTranslations = async (language: Language): Promise<void> => {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await catalogues[language]() } },
    // React escapes HTML already. What needs care is direction: an amount or a name must not reorder Arabic around it.
    interpolation: { escape: isolated },
  });
  applyLanguage(language);
};

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

const isolated = (value: string): string => {
  const { language } = i18next;
  const rightToLeft = isLanguage(language) && directionOf(language) === 'rtl';
  return rightToLeft ? `${FIRST_STRONG_ISOLATE}${value}${POP_ISOLATE}` : value;
};

/** Switches live: words, direction and dates change without a reload. */
export const switchLanguage = async (language: Language): Promise<void> => {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await catalogues[language]());
  }
  await i18next.changeLanguage(language);
  applyLanguage(language);
  rememberLanguage(language);
};

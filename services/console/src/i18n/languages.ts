const LANGUAGES = ['en', 'fr', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words: a person looks for the language they can read. */
export const LANGUAGE_NAMES = { en: 'English', fr: 'Français', ar: 'العربية' } as const satisfies Record<
  Language,
  string
>;

const RIGHT_TO_LEFT: readonly Language[] = ['ar'];
const STORAGE_KEY = 'quittance.language';

export const directionOf = (language: Language): 'ltr' | 'rtl' => (RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr');

export const isLanguage = (value: unknown): value is Language => LANGUAGES.some((language) => language === value);

/** What the person chose before; else what the server read from Accept-Language and put on the page. */
export const firstLanguage = (offered: readonly Language[]): Language => {
  const candidates = [localStorage.getItem(STORAGE_KEY), document.documentElement.lang];
  return (
    offered.find((language) => candidates[0] === language) ??
    offered.find((language) => candidates[1] === language) ??
    offered[0] ??
    'en'
  );
};

export const rememberLanguage = (language: Language): void => localStorage.setItem(STORAGE_KEY, language);

/** The page itself says its language and direction: screen readers and the browser's own widgets follow it. */
export const applyLanguage = (language: Language): void => {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
};

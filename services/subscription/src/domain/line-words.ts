/** What the line of a change says beside what it is for. */
export interface LineWords {
  readonly unusedPart: (what: string) => string;
  readonly restOfPeriod: (what: string) => string;
}

const IN_ENGLISH: LineWords = {
  unusedPart: (what) => `${what}, unused part`,
  restOfPeriod: (what) => `${what}, rest of the period`,
};

const WORDS: ReadonlyMap<string, LineWords> = new Map([
  ['en', IN_ENGLISH],
  [
    'fr',
    {
      unusedPart: (what) => `${what}, partie non utilisée`,
      restOfPeriod: (what) => `${what}, reste de la période`,
    },
  ],
  [
    'ar',
    {
      unusedPart: (what) => `${what}، الجزء غير المستخدم`,
      restOfPeriod: (what) => `${what}، بقية الفترة`,
    },
  ],
]);

/** In the language the subscription was bought in; `fr-CA` is read as `fr`, and what nobody knows as English. */
export const lineWords = (language: string | null): LineWords => WORDS.get(baseOf(language ?? 'en')) ?? IN_ENGLISH;

/** `fr` of `fr-CA`. */
export const baseOf = (language: string): string => language.split('-')[0] ?? language;

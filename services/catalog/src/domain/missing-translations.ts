import { type Entitlement, labelIn, labelOfLevel, type Language, type PlanDocument, type Product } from './plan.ts';

/** One text that must exist before a plan may be sold. */
export interface MissingText {
  readonly language: Language;
  /** What has no text: `product`, `meter:<key>`, `plan`, `label:<feature>` or `item:<key>`. */
  readonly text: string;
}

export type ProductWords = Pick<Product, 'texts' | 'meters'>;

/** Every text a supported language lacks; a plan with any cannot be published. */
export const missingTranslations = (
  product: ProductWords,
  plan: PlanDocument,
  languages: readonly Language[],
): readonly MissingText[] =>
  inEach(languages, (language) => [...productLacks(product, language), ...planLacks(plan, language)]);

/** The same for the product alone, whose texts are on the page as soon as they are saved. */
export const missingProductTexts = (product: ProductWords, languages: readonly Language[]): readonly MissingText[] =>
  inEach(languages, (language) => productLacks(product, language));

const inEach = (
  languages: readonly Language[],
  lacks: (language: Language) => readonly string[],
): readonly MissingText[] => languages.flatMap((language) => lacks(language).map((text) => ({ language, text })));

const productLacks = ({ texts, meters }: ProductWords, language: Language): readonly string[] => [
  ...(allSaid(texts[language]) ? [] : ['product']),
  ...meters.filter((meter) => !allSaid(meter.texts[language])).map(({ key }) => `meter:${key}`),
];

const planLacks = (plan: PlanDocument, language: Language): readonly string[] => {
  const texts = plan.texts[language];
  return [
    ...(texts !== undefined && allSaid({ ...texts, labels: 'said below' }) ? [] : ['plan']),
    ...plan.entitlements
      .flatMap(labelKeys)
      .filter((key) => !said(labelIn(texts?.labels ?? {}, key)))
      .map((key) => `label:${key}`),
    ...plan.items.filter((item) => !allSaid(item.texts[language])).map(({ key }) => `item:${key}`),
  ];
};

const labelKeys = (entitlement: Entitlement): readonly string[] =>
  entitlement.kind === 'level' ? [entitlement.feature, labelOfLevel(entitlement)] : [entitlement.feature];

/** Spaces, direction marks and other characters without a picture say nothing. */
const said = (text: string | undefined): boolean => text !== undefined && VISIBLE.test(text);

const VISIBLE = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{P}\p{S}]/u;

const allSaid = (texts: object | undefined): boolean =>
  texts !== undefined && Object.values(texts).every((text) => typeof text === 'string' && said(text));

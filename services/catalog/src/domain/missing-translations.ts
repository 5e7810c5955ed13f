import { type ProductDefinition } from './definition.ts';
import { type Entitlement, labelOfLevel, type Language, type PlanDocument } from './plan.ts';

/** One text that must exist before a plan may be sold. */
export interface MissingText {
  readonly language: Language;
  /** What has no text: `product`, `plan`, `label:<feature>` or `item:<key>`. */
  readonly text: string;
}

/** Every text a supported language lacks; a plan with any cannot be published. */
export const missingTranslations = (
  product: Pick<ProductDefinition, 'texts'>,
  plan: PlanDocument,
  languages: readonly Language[],
): readonly MissingText[] =>
  languages.flatMap((language) => {
    const texts = plan.texts[language];
    const lacks: string[] = [];
    if (!allSaid(product.texts[language])) lacks.push('product');
    if (texts === undefined || !allSaid({ ...texts, labels: 'said below' })) lacks.push('plan');
    for (const key of plan.entitlements.flatMap(labelKeys)) if (!said(texts?.labels[key])) lacks.push(`label:${key}`);
    for (const item of plan.items) if (!allSaid(item.texts[language])) lacks.push(`item:${item.key}`);
    return lacks.map((text) => ({ language, text }));
  });

const labelKeys = (entitlement: Entitlement): readonly string[] =>
  entitlement.kind === 'level' ? [entitlement.feature, labelOfLevel(entitlement)] : [entitlement.feature];

const said = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

const allSaid = (texts: object | undefined): boolean =>
  texts !== undefined && Object.values(texts).every((text) => typeof text === 'string' && said(text));

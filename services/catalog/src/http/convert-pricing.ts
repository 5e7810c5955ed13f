import { type GetPricing, toApiMoney } from '@quittance/contracts';
import { money } from '@quittance/money';
import { type z } from 'zod';

import { type PricingView } from '../application/index.ts';
import {
  type Entitlement,
  labelIn,
  labelOfLevel,
  type Language,
  type Meter,
  type PlanItem,
  type Price,
  type PublishedPlan,
} from '../domain/plan.ts';

type ApiPricing = z.infer<typeof GetPricing.answer>;
type ApiPlanCard = ApiPricing['products'][number]['plans'][number];
type ApiPlanPrice = ApiPlanCard['prices'][number];

/** By its usual script: every language may be configured. */
export const directionOf = (language: Language): 'rtl' | 'ltr' =>
  RIGHT_TO_LEFT.has(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr';

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Thaa', 'Nkoo', 'Syrc', 'Adlm', 'Rohg']);

export const toApiPricing = (view: PricingView): ApiPricing => {
  const { language, policy } = view;
  return {
    language,
    direction: directionOf(language),
    currency: view.currency,
    country: view.country,
    languages: [...policy.languages],
    currencies: [...policy.currencies],
    products: view.products.map(({ product, plans }) => {
      const languages = [language, ...policy.languages];
      const texts = inLanguage(product.texts, languages) ?? { name: product.key, description: '' };
      return {
        productId: product.id,
        key: product.key,
        name: texts.name,
        description: texts.description,
        meters: product.meters.map((meter) => toApiMeter(meter, languages)),
        plans: plans.map(({ plan, prices }) => toApiPlanCard(plan, prices, languages)),
      };
    }),
  };
};

const toApiMeter = ({ key, unit, aggregation, texts }: Meter, languages: readonly Language[]) => ({
  key,
  name: inLanguage(texts, languages)?.name ?? key,
  unit,
  aggregation,
});

const toApiPlanCard = (plan: PublishedPlan, prices: readonly Price[], languages: readonly Language[]): ApiPlanCard => {
  const texts = inLanguage(plan.current.texts, languages) ?? unnamed(plan.key);
  return {
    planId: plan.id,
    key: plan.key,
    editionKey: plan.editionKey,
    rank: plan.current.rank,
    name: texts.name,
    description: texts.description,
    custom: plan.accountId !== null,
    trialDays: plan.current.trialDays,
    callToAction: texts.callToAction,
    action: plan.current.selfServe ? 'checkout' : 'contact_sales',
    prices: prices.map(toApiPlanPrice),
    entitlements: plan.current.entitlements.map((entitlement) => toApiEntitlement(entitlement, texts.labels)),
    items: plan.current.items.map((item) => toApiItem(item, languages)),
  };
};

/**
 * The best there is: a language that was added to the configuration later falls back to the first, until the plan is
 * published again; where none of the configured ones is there, any other. Prices are told whatever texts are lost.
 */
const inLanguage = <Texts>(
  texts: Readonly<Record<Language, Texts>>,
  languages: readonly Language[],
): Texts | undefined => {
  const found = [...languages, ...Object.keys(texts)].find((each) => texts[each] !== undefined);
  return found === undefined ? undefined : texts[found];
};

const unnamed = (key: string) => ({ name: key, description: '', callToAction: key, labels: {} });

const toApiEntitlement = (
  entitlement: Entitlement,
  labels: Readonly<Record<string, string>>,
): ApiPlanCard['entitlements'][number] => {
  const label = labelIn(labels, entitlement.feature) ?? entitlement.feature;
  return entitlement.kind === 'level'
    ? { ...entitlement, label, levelLabel: labelIn(labels, labelOfLevel(entitlement)) ?? entitlement.level }
    : { ...entitlement, label };
};

const toApiPlanPrice = (price: Price): ApiPlanPrice => ({
  priceId: price.id,
  interval: price.interval,
  amount: toApiMoney(money(price.amountMinor, price.currency)),
  taxBehavior: price.taxBehavior,
  region: price.region,
  converted: price.converted,
});

const toApiItem = (item: PlanItem, languages: readonly Language[]): ApiPlanCard['items'][number] => {
  const { key, icon, models, quota, reset, overage } = item;
  const texts = inLanguage(item.texts, languages) ?? { name: key, description: '' };
  return {
    id: key,
    name: texts.name,
    description: texts.description,
    icon,
    models: [...models],
    quota,
    reset,
    overage,
  };
};

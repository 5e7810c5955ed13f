import { outgoing, type OutgoingMessage, PlanPublished, toApiMoney } from '@quittance/contracts';
import { money } from '@quittance/money';

import { type CatalogMessage } from '../domain/messages.ts';

/** Domain message → event. */
export const toOutgoingMessage = ({ product, plan }: CatalogMessage): OutgoingMessage => {
  const { current } = plan;
  return outgoing(PlanPublished, {
    subject: plan.id,
    version: plan.version,
    data: {
      planId: plan.id,
      planVersionId: current.id,
      versionNumber: current.number,
      status: plan.status === 'retired' ? 'retired' : 'published',
      productId: product.id,
      productKey: product.key,
      editionKey: plan.editionKey,
      key: plan.key,
      rank: current.rank,
      selfServe: current.selfServe,
      names: Object.fromEntries(Object.entries(current.texts).map(([language, { name }]) => [language, name])),
      prices: current.prices.map((price) => ({
        priceId: price.id,
        interval: price.interval,
        amount: toApiMoney(money(price.amountMinor, price.currency)),
        taxBehavior: price.taxBehavior,
        region: price.region,
      })),
      entitlements: [...current.entitlements],
      items: current.items.map(({ key, texts, models, quota, reset, overage }) => ({
        id: key,
        names: Object.fromEntries(Object.entries(texts).map(([language, { name }]) => [language, name])),
        models: [...models],
        quota,
        reset,
        overage,
      })),
      prorationBasis: product.prorationBasis,
      trialDays: current.trialDays,
      accountId: plan.accountId,
    },
  });
};

import { GetAccountPricing } from '@quittance/contracts';
import { isDomainError } from '@quittance/kernel';

import { buyerOf, type CallService, type SoldPlans } from '../application/index.ts';
import { callContract } from './call-contract.ts';

/** The catalogue, asked for what it sells to this account: what everybody may buy, and plans made for it. */
export const makeSoldPlans = (callService: CallService): SoldPlans => ({
  find: async ({ accountId, owner, product, plan, currency, country, language }) => {
    const query = {
      product,
      ...(currency === null ? {} : { currency }),
      ...(country === null ? {} : { country }),
      ...(language === null ? {} : { lang: language }),
    };
    const { products } = await callContract(callService, GetAccountPricing, {
      principal: buyerOf({ accountId, owner }),
      requestId: null,
      params: { id: accountId },
      query,
    }).catch(nothingOnSale);
    const plans = products.find(({ key }) => key === product)?.plans ?? [];
    const found = plans.find(({ key }) => key === plan);
    if (found === undefined) return null;
    const { planId, action } = found;
    const prices = found.prices.map(({ interval, amount }) => ({ interval, currency: amount.currency }));
    return { planId, action, prices };
  },
});

/** To the one who sends a customer, an unknown product is a plan that is not sold. */
const nothingOnSale = (error: unknown) => {
  if (isDomainError(error) && error.code === 'catalog.unknown_product') return { products: [] };
  throw error;
};

import { GetAccountPricing, GetProfiledPricing } from '@quittance/contracts';
import { type Route } from '@quittance/http';

import {
  type ApplyRates,
  type ChangeProducts,
  type Coupons,
  type ExchangeRates,
  type ReadPricing,
} from '../application/index.ts';
import { couponRoutes } from './coupons.handler.ts';
import { exchangeRateRoutes } from './exchange-rates.handler.ts';
import { getAccountPricingHandler, getPricingHandler } from './get-pricing.handler.ts';
import { planRoutes, type PlanUseCases } from './plans.handler.ts';
import { productRoutes } from './products.handler.ts';

interface UseCases extends PlanUseCases {
  readonly readPricing: ReadPricing;
  readonly changeProducts: ChangeProducts;
  readonly exchangeRates: ExchangeRates;
  readonly applyRates: ApplyRates;
  readonly coupons: Coupons;
}

export const catalogRoutes = (useCases: UseCases): readonly Route[] => [
  getPricingHandler(useCases.readPricing),
  getAccountPricingHandler(GetAccountPricing, useCases.readPricing),
  getAccountPricingHandler(GetProfiledPricing, useCases.readPricing),
  ...productRoutes(useCases.changeProducts),
  ...planRoutes(useCases),
  ...exchangeRateRoutes(useCases.exchangeRates, useCases.applyRates),
  ...couponRoutes(useCases.coupons),
];

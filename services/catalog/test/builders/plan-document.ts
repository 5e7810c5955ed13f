import { type ApiPlanDocument } from '@quittance/contracts';
import { type z } from 'zod';

export const said = (name: string) => ({ name, description: 'What it is.', callToAction: 'Choose it', labels: {} });

export const PRICE = {
  interval: 'month',
  amount: { amount: 4200, currency: 'USD' },
  taxBehavior: 'exclusive',
  region: null,
} as const;

export const document = (change: Partial<z.infer<typeof ApiPlanDocument>> = {}): z.infer<typeof ApiPlanDocument> => ({
  editionKey: 'cloud',
  rank: 7,
  selfServe: true,
  trialDays: 0,
  texts: { en: said('Team'), fr: said('Équipe'), ar: said('الفريق') },
  prices: [PRICE],
  entitlements: [],
  items: [],
  ...change,
});

export const COUPON_TERMS = {
  code: 'TENTH',
  discount: { kind: 'percentage', ratePpm: 100_000 },
  duration: { kind: 'once' },
  capTotal: 10,
  capPerAccount: 1,
  expiresAt: null,
  planIds: [],
  currencies: [],
};

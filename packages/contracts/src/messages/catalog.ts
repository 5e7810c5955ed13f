import { z } from 'zod';

import { event } from '../message.ts';
import { ApiMoney, idOf, Interval } from '../shapes.ts';
import { MessageEntitlement, TaxBehavior } from './shared.ts';

/** Everything a sale needs to know of a plan, so that nobody has to ask catalog while selling. */
export const PlanPublished = event({
  type: 'plan.published.v1',
  summary: 'A plan version is on sale (or, with status retired, no longer). Snapshot of the current version.',
  producer: 'catalog',
  consumers: ['subscription'],
  data: z.strictObject({
    planId: idOf('pln'),
    planVersionId: idOf('plv'),
    versionNumber: z.int().positive(),
    status: z.enum(['published', 'retired']),
    productId: idOf('prd'),
    productKey: z.string(),
    editionKey: z.string(),
    key: z.string(),
    rank: z.int().nonnegative(),
    /** False for plans sold by people only (Enterprise). */
    selfServe: z.boolean(),
    /** Language → name. */
    names: z.record(z.string(), z.string()),
    prices: z.array(
      z.strictObject({
        priceId: idOf('prc'),
        interval: Interval,
        amount: ApiMoney,
        taxBehavior: TaxBehavior,
        /** ISO country, or null for everywhere. */
        region: z.string().nullable(),
      }),
    ),
    entitlements: z.array(MessageEntitlement),
  }),
});

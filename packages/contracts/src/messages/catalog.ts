import { z } from 'zod';

import { event } from '../message.ts';
import { ApiAccountId, ApiMoney, idOf, Interval } from '../shapes.ts';
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
    // Not required, so that a snapshot from before they were sent is still read.
    items: z
      .array(
        z.strictObject({
          /** The same over all versions of the plan. */
          id: z.string(),
          /** Language → name. */
          names: z.record(z.string(), z.string()),
          models: z.array(z.string()),
          /** Per reset; −1 is unlimited. */
          quota: z.int().min(-1),
          reset: z.enum(['day', 'week', 'month']),
          overage: z.enum(['block', 'charge', 'warn']),
        }),
      )
      .default([]),
    /** Of this version: days of a 30-day month, or the real cycle to the millisecond. */
    prorationBasis: z.enum(['fixed30', 'actual']).default('actual'),
    /** 0: no trial. */
    trialDays: z.int().nonnegative().default(0),
    /** A custom plan, for this account only; null is for everybody. */
    accountId: ApiAccountId.nullable().default(null),
  }),
});

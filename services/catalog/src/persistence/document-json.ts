import { isCurrency, isInterval } from '@quittance/money';
import { z } from 'zod';

import { type PlanDocument } from '../domain/plan.ts';
import { type Prisma } from './generated/client.ts';

const inLanguages = <Texts extends z.ZodType>(texts: Texts) => z.record(z.string(), texts);

const DocumentJson = z.strictObject({
  editionKey: z.string(),
  rank: z.int(),
  selfServe: z.boolean(),
  trialDays: z.int(),
  texts: inLanguages(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      callToAction: z.string(),
      labels: z.record(z.string(), z.string()),
    }),
  ),
  prices: z.array(
    z.strictObject({
      currency: z.string().refine(isCurrency),
      interval: z.string().refine(isInterval),
      region: z.string().nullable(),
      /** As text: JSON has no bigint. */
      amountMinor: z.string().transform(BigInt),
      taxBehavior: z.enum(['exclusive', 'inclusive']),
    }),
  ),
  entitlements: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('switch'), feature: z.string(), enabled: z.boolean() }),
      z.strictObject({ kind: z.literal('limit'), feature: z.string(), limit: z.int() }),
      z.strictObject({ kind: z.literal('unlimited'), feature: z.string() }),
      z.strictObject({ kind: z.literal('level'), feature: z.string(), level: z.string() }),
    ]),
  ),
  items: z.array(
    z.strictObject({
      key: z.string(),
      icon: z.string(),
      models: z.array(z.string()),
      quota: z.int(),
      reset: z.enum(['day', 'week', 'month']),
      overage: z.enum(['block', 'charge', 'warn']),
      texts: inLanguages(z.strictObject({ name: z.string(), description: z.string() })),
    }),
  ),
});

/** What is in our own rows was checked before it was written: anything else there is our bug. */
export const fromDocumentJson = (json: unknown): PlanDocument => DocumentJson.parse(json);

export const toDocumentJson = (document: PlanDocument): Prisma.InputJsonObject => ({
  editionKey: document.editionKey,
  rank: document.rank,
  selfServe: document.selfServe,
  trialDays: document.trialDays,
  texts: Object.fromEntries(
    Object.entries(document.texts).map(([language, { labels, ...texts }]) => [
      language,
      { ...texts, labels: { ...labels } },
    ]),
  ),
  prices: document.prices.map(({ currency, interval, region, amountMinor, taxBehavior }) => ({
    currency,
    interval,
    region,
    amountMinor: amountMinor.toString(),
    taxBehavior,
  })),
  entitlements: document.entitlements.map((entitlement) => ({ ...entitlement })),
  items: document.items.map(({ models, texts, ...item }) => ({
    ...item,
    models: [...models],
    texts: Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, { ...text }])),
  })),
});

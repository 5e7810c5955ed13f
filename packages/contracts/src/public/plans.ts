import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { TaxBehavior } from '../messages/shared.ts';
import {
  ApiAccountId,
  ApiMoney,
  Country,
  idOf,
  Instant,
  Interval,
  Key,
  LanguageTag,
  pageOf,
  pageById,
  plainText,
} from '../shapes.ts';

/** In every language; a plan is not published while a supported one is missing. */
const inLanguages = <Texts extends z.ZodType>(texts: Texts) => z.record(LanguageTag, texts);

const Feature = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a feature like api_calls')
  .describe('What is asked for at a check, like api_calls.');
const Level = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a level like priority')
  .describe('One of an order that the product knows, like priority.');

const DocumentEntitlement = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('switch'),
        feature: Feature,
        enabled: z.boolean().describe('False: named, and not in the plan.'),
      })
      .meta({ id: 'SwitchEntitlement' }),
    z
      .strictObject({
        kind: z.literal('limit'),
        feature: Feature,
        limit: z.int().nonnegative().max(2_000_000_000).describe('So many at once, or in a period; more seats add up.'),
      })
      .meta({ id: 'LimitEntitlement' }),
    z.strictObject({ kind: z.literal('unlimited'), feature: Feature }).meta({ id: 'UnlimitedEntitlement' }),
    z.strictObject({ kind: z.literal('level'), feature: Feature, level: Level }).meta({ id: 'LevelEntitlement' }),
  ])
  .meta({ id: 'PlanDocumentEntitlement' });

/** As for amounts that are agreed with one customer: what is converted from it still fits a JSON number. */
const PRICE_MINOR_MAX = 1_000_000_000_000;

const DocumentPrice = z
  .strictObject({
    interval: Interval,
    amount: ApiMoney.extend({ amount: z.int().nonnegative().max(PRICE_MINOR_MAX) }).meta({ id: 'PriceAmount' }),
    taxBehavior: TaxBehavior,
    region: Country.nullable().describe('For buyers of this country only; null is for everywhere.'),
  })
  .meta({ id: 'PlanDocumentPrice' });

const DocumentItem = z
  .strictObject({
    id: Key.describe('The same over all versions of the plan.'),
    icon: plainText(64).describe('Name of a picture, for whoever draws the card.'),
    models: z.array(plainText(64)).max(20).describe('Models that the quota is for.'),
    quota: z.int().min(-1).max(2_000_000_000).describe('Per reset; −1 is unlimited.'),
    reset: z.enum(['day', 'week', 'month']).describe('When the quota begins anew.'),
    overage: z.enum(['block', 'charge', 'warn']).describe('What happens beyond the quota.'),
    texts: inLanguages(
      z.strictObject({ name: plainText(80), description: plainText(500) }).meta({ id: 'PlanItemTexts' }),
    ),
  })
  .meta({ id: 'PlanDocumentItem' });

const documentShape = {
  editionKey: Key,
  rank: z.int().nonnegative().max(1000).describe('0 is the free tier; a higher one is a better plan.'),
  selfServe: z.boolean().describe('False: sold by people, who are contacted.'),
  trialDays: z.int().nonnegative().max(365).describe('0: no trial.'),
  texts: inLanguages(
    z
      .strictObject({
        name: plainText(80),
        description: plainText(500),
        callToAction: plainText(60).describe('What the button says.'),
        labels: z
          .record(plainText(100), plainText(120))
          .describe('Feature, and `feature.level`, → how the price card says it.'),
      })
      .meta({ id: 'PlanTexts' }),
  ),
  prices: z
    .array(DocumentPrice)
    .max(120)
    .describe(
      "Currencies without a price of their own are converted from the base currency when the plan is published; a country's own price there is converted for that country.",
    ),
  entitlements: z.array(DocumentEntitlement).max(50),
  items: z.array(DocumentItem).max(12),
};

export const ApiPlanDocument = z
  .strictObject(documentShape)
  .meta({ id: 'PlanDocument', description: 'One form, one document: price and every translation.' });

const MissingText = z.strictObject({
  language: z.string(),
  text: z.string().describe('`product`, `meter:<key>`, `plan`, `label:<feature>` or `item:<id>`.'),
});

const PlanStatus = z.enum(['draft', 'published', 'retired']);

export const ApiPlanVersion = z
  .strictObject({
    planVersionId: idOf('plv'),
    versionNumber: z.int(),
    publishedAt: Instant,
    document: ApiPlanDocument,
    prices: z
      .array(z.strictObject({ ...DocumentPrice.shape, amount: ApiMoney, priceId: idOf('prc'), converted: z.boolean() }))
      .describe('All that it is sold at, the converted ones too.'),
  })
  .meta({ id: 'PlanVersion', description: 'What a plan said when it was published; it never changes.' });

export const ApiPlan = z
  .strictObject({
    planId: idOf('pln'),
    productId: idOf('prd'),
    productKey: z.string(),
    key: z.string(),
    accountId: ApiAccountId.nullable().describe(
      'A custom plan, seen and bought by this account only; null is for everybody.',
    ),
    status: PlanStatus,
    version: z.int().describe('The ETag: send it back as If-Match with the next edit.'),
    updatedAt: Instant,
    draft: ApiPlanDocument.nullable().describe('What was edited since it was last published; null when nothing was.'),
    missing: z
      .array(MissingText)
      .describe('What the draft, or else the published version, lacks before it can be published.'),
    published: ApiPlanVersion.nullable(),
  })
  .meta({ id: 'Plan' });

export const ListPlans = httpContract({
  name: 'ListPlans',
  service: 'catalog',
  method: 'GET',
  path: '/v1/plans',
  summary: 'Every plan in a few words, drafts and retired ones too, oldest first.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...pageById('pln'),
    product: z.string().max(64).optional(),
    account: ApiAccountId.optional().describe('Custom plans of this account.'),
    status: PlanStatus.optional(),
  }),
  answer: pageOf(
    z.strictObject({
      planId: idOf('pln'),
      productId: idOf('prd'),
      productKey: z.string(),
      editionKey: z.string(),
      key: z.string(),
      accountId: ApiAccountId.nullable(),
      status: PlanStatus,
      rank: z.int(),
      selfServe: z.boolean(),
      names: z.record(z.string(), z.string()),
      versionNumber: z.int().nullable().describe('Null until it is published for the first time.'),
      publishedAt: Instant.nullable(),
      edited: z.boolean().describe('It was edited since.'),
    }),
  ),
});

export const planParams = z.strictObject({ id: idOf('pln') });
const DOCUMENT_BYTES_MAX = 256 * 1024;

export const GetPlan = httpContract({
  name: 'GetPlan',
  service: 'catalog',
  method: 'GET',
  path: '/v1/plans/:id',
  summary: 'One plan: the document that is edited, and the version on sale.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'read',
  params: planParams,
  answer: ApiPlan,
});

export const CreatePlan = httpContract({
  name: 'CreatePlan',
  service: 'catalog',
  method: 'POST',
  path: '/v1/plans',
  summary: 'A new plan, as a draft: nobody sees it until it is published.',
  access: { anyOf: ['billing.write'] },
  audit: 'plan.created',
  idempotency: 'required',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'write',
  status: 201,
  body: z.strictObject({
    productId: idOf('prd'),
    key: Key.describe('Unique in its product, and never changed.'),
    accountId: ApiAccountId.nullable().optional().describe('Makes it a custom plan of this account.'),
    ...documentShape,
  }),
  bodyBytesMax: DOCUMENT_BYTES_MAX,
  answer: ApiPlan,
});

export const EditPlan = httpContract({
  name: 'EditPlan',
  service: 'catalog',
  method: 'PUT',
  path: '/v1/plans/:id',
  summary: 'The whole plan, price and every translation. What is on sale stays as it is until this is published.',
  access: { anyOf: ['billing.write'] },
  audit: 'plan.edited',
  idempotency: 'none',
  ifMatch: 'required',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'write',
  params: planParams,
  body: ApiPlanDocument,
  bodyBytesMax: DOCUMENT_BYTES_MAX,
  answer: ApiPlan,
});

export const PublishPlan = httpContract({
  name: 'PublishPlan',
  service: 'catalog',
  method: 'POST',
  path: '/v1/plans/:id/publish',
  summary: 'Put the plan on sale as a new version that never changes. Who bought an earlier one keeps it.',
  access: { anyOf: ['billing.write'] },
  audit: 'plan.published',
  idempotency: 'required',
  ifMatch: 'optional',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'write',
  params: planParams,
  answer: ApiPlan,
});

export const RetirePlan = httpContract({
  name: 'RetirePlan',
  service: 'catalog',
  method: 'POST',
  path: '/v1/plans/:id/retire',
  summary: 'Sell the plan to nobody new. Who has it keeps it; publishing puts it on sale again.',
  access: { anyOf: ['billing.write'] },
  audit: 'plan.retired',
  idempotency: 'required',
  ifMatch: 'optional',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'write',
  params: planParams,
  answer: ApiPlan,
});

export const DiscardDraft = httpContract({
  name: 'DiscardDraft',
  service: 'catalog',
  method: 'DELETE',
  path: '/v1/plans/:id/draft',
  summary: 'Give up what was edited since the plan was last published. Without a draft nothing happens.',
  access: { anyOf: ['billing.write'] },
  audit: 'plan.draft_discarded',
  idempotency: 'none',
  ifMatch: 'optional',
  etag: 'The version: send it back as If-Match with the next change.',
  rate: 'write',
  params: planParams,
  answer: ApiPlan,
});

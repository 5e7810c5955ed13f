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
  pageQuery,
  plainText,
} from '../shapes.ts';

/** In every language; a plan is not published while a supported one is missing. */
const inLanguages = <Texts extends z.ZodType>(texts: Texts) => z.record(LanguageTag, texts);

const Feature = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a feature like api_calls');
const Level = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a level like priority');

const DocumentEntitlement = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('switch'), feature: Feature, enabled: z.boolean() })
      .meta({ id: 'SwitchEntitlement' }),
    z
      .strictObject({ kind: z.literal('limit'), feature: Feature, limit: z.int().nonnegative().max(2_000_000_000) })
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
    /** For buyers of this country only; null is for everywhere. */
    region: Country.nullable(),
  })
  .meta({ id: 'PlanDocumentPrice' });

const DocumentItem = z
  .strictObject({
    /** The same over all versions of the plan. */
    id: Key,
    icon: plainText(64),
    models: z.array(plainText(64)).max(20),
    /** Per reset; −1 is unlimited. */
    quota: z.int().min(-1).max(2_000_000_000),
    reset: z.enum(['day', 'week', 'month']),
    overage: z.enum(['block', 'charge', 'warn']),
    texts: inLanguages(
      z.strictObject({ name: plainText(80), description: plainText(500) }).meta({ id: 'PlanItemTexts' }),
    ),
  })
  .meta({ id: 'PlanDocumentItem' });

const documentShape = {
  editionKey: Key,
  /** 0 is the free tier; a higher one is a better plan. */
  rank: z.int().nonnegative().max(1000),
  /** False: sold by people, who are contacted. */
  selfServe: z.boolean(),
  /** 0: no trial. */
  trialDays: z.int().nonnegative().max(365),
  texts: inLanguages(
    z
      .strictObject({
        name: plainText(80),
        description: plainText(500),
        /** What the button says. */
        callToAction: plainText(60),
        /** Feature, and `feature.level`, → how the price card says it. */
        labels: z.record(plainText(100), plainText(120)),
      })
      .meta({ id: 'PlanTexts' }),
  ),
  /**
   * Currencies without a price of their own are converted from the base currency when the plan is published; a
   * country's own price there is converted for that country.
   */
  prices: z.array(DocumentPrice).max(120),
  entitlements: z.array(DocumentEntitlement).max(50),
  items: z.array(DocumentItem).max(12),
};

/** One form, one document: price and every translation. */
export const ApiPlanDocument = z.strictObject(documentShape).meta({ id: 'PlanDocument' });

const MissingText = z.strictObject({
  language: z.string(),
  /** `product`, `meter:<key>`, `plan`, `label:<feature>` or `item:<id>`. */
  text: z.string(),
});

const PlanStatus = z.enum(['draft', 'published', 'retired']);

/** What a plan said when it was published; it never changes. */
export const ApiPlanVersion = z
  .strictObject({
    planVersionId: idOf('plv'),
    versionNumber: z.int(),
    publishedAt: Instant,
    document: ApiPlanDocument,
    /** All that it is sold at, the converted ones too. */
    prices: z.array(
      z.strictObject({ ...DocumentPrice.shape, amount: ApiMoney, priceId: idOf('prc'), converted: z.boolean() }),
    ),
  })
  .meta({ id: 'PlanVersion' });

export const ApiPlan = z
  .strictObject({
    planId: idOf('pln'),
    productId: idOf('prd'),
    productKey: z.string(),
    key: z.string(),
    /** A custom plan, seen and bought by this account only; null is for everybody. */
    accountId: ApiAccountId.nullable(),
    status: PlanStatus,
    /** The ETag: send it back as If-Match with the next edit. */
    version: z.int(),
    updatedAt: Instant,
    /** What was edited since it was last published; null when nothing was. */
    draft: ApiPlanDocument.nullable(),
    /** What the draft, or else the published version, lacks before it can be published. */
    missing: z.array(MissingText),
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
    ...pageQuery,
    product: z.string().max(64).optional(),
    /** Custom plans of this account. */
    account: ApiAccountId.optional(),
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
      /** Null until it is published for the first time. */
      versionNumber: z.int().nullable(),
      publishedAt: Instant.nullable(),
      /** It was edited since. */
      edited: z.boolean(),
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
  rate: 'write',
  status: 201,
  body: z.strictObject({
    productId: idOf('prd'),
    /** Unique in its product, and never changed. */
    key: Key,
    /** Makes it a custom plan of this account. */
    accountId: ApiAccountId.nullable().optional(),
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
  rate: 'write',
  params: planParams,
  answer: ApiPlan,
});

import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { Rail, TaxBehavior } from '../messages/shared.ts';
import { ApiMoney, idOf, Instant, Interval, pageOf, pageById, plainText, Quantity, ReturnUrl } from '../shapes.ts';
import { ApiCheckoutSession, ApiDueNow } from './checkout-sessions.ts';
import { ApiSubscription, ApiSubscriptionItem } from './subscription.ts';

export const MAY_CHANGE = { anyOf: ['own.write', 'tenant_subscription.write'] } as const;
const params = z.strictObject({ id: idOf('sub') });

export const ApiQuote = z
  .strictObject({
    at: Instant,
    version: z.int(),
    offer: z.string().max(64).describe('Of what was shown: for another wish, or other amounts, it is another one.'),
  })
  .meta({
    id: 'ChangeQuote',
    description:
      'What a preview was made from. Bring it back with the commit: it gets exactly what was shown, or a conflict.',
  });

export const ChangeKind = z.enum([
  'upgrade',
  'downgrade',
  'reduction',
  'interval_switch',
  'conversion',
  'immediate_convert',
  'version_move',
]);

export const ApiPeriod = z.strictObject({ start: Instant, end: Instant });

const ApiAfterwards = z.strictObject({
  planId: idOf('pln'),
  planKey: z.string(),
  planName: z.string(),
  interval: Interval,
  items: z.array(ApiSubscriptionItem),
  price: ApiMoney,
  currentPeriod: ApiPeriod.nullable(),
  periodKind: z.enum(['paid', 'trial', 'bonus']).describe('`bonus`: free days on the new plan after a downgrade.'),
  renewsAt: Instant.nullable().describe('When the next period is collected; null where none will be.'),
  accessUntil: Instant.nullable(),
});

export const ApiSubscriptionChange = z
  .strictObject({
    id: idOf('chg'),
    subscriptionId: idOf('sub'),
    kind: ChangeKind,
    status: z
      .enum(['awaiting_payment', 'scheduled', 'applied', 'undone', 'superseded', 'lapsed', 'outdated'])
      .describe(
        'awaiting_payment: it takes effect when its checkout is paid · scheduled: at `effectiveAt` · applied: done · undone, superseded, lapsed: it will not happen · outdated: paid too late to fit, a person decides.',
      ),
    effectiveAt: Instant,
    planId: idOf('pln'),
    planKey: z.string(),
    interval: Interval,
    items: z.array(ApiSubscriptionItem),
    charge: ApiMoney.describe('Before tax where prices are exclusive.'),
    bonusDays: z.int(),
    checkoutId: idOf('chk').nullable(),
    reason: z.string().nullable(),
    createdAt: Instant,
    settledAt: Instant.nullable(),
  })
  .meta({ id: 'SubscriptionChange' });

/** What a change does, thought through before anything is done. */
export const plannedChange = {
  kind: ChangeKind,
  effectiveAt: Instant,
  scheduled: z.boolean().describe('It waits for the end of the period.'),
  bonusDays: z.int(),
  bonusNote: z.string().nullable().describe('Why there is no bonus, where one might be expected.'),
  coupon: z
    .strictObject({
      code: z.string(),
      cyclesLeft: z
        .int()
        .nullable()
        .describe('Periods it is still taken off, after this change; null: all of them. 0: it ends with the change.'),
      ends: z
        .enum(['plan_not_covered', 'currency_not_covered', 'interval_changed'])
        .nullable()
        .describe('Why it ends: the plan is not one it is for, or its cycles were periods of another length.'),
      replaces: z.string().nullable().describe('The coupon whose place it takes.'),
    })
    .nullable()
    .describe('What becomes of the coupon it has, or brings; null where there is none.'),
  afterwards: ApiAfterwards,
  replacedChange: ApiSubscriptionChange.nullable().describe(
    'The scheduled change whose place it takes; where it is to be paid for, as soon as it is.',
  ),
  supersededCheckoutId: idOf('chk')
    .nullable()
    .describe('The open checkout that can no longer be paid once it is committed.'),
  quote: ApiQuote,
};

export const ApiChangePreview = z
  .strictObject({
    subscriptionId: idOf('sub'),
    ...plannedChange,
    dueNow: ApiDueNow.nullable().describe(
      'What is to be paid before it takes effect, line by line with tax, as the invoice will say it; null: nothing.',
    ),
    nextCharge: ApiDueNow.nullable().describe(
      'What the next period will come to, with tax at today’s rate; null where nothing renews.',
    ),
  })
  .meta({ id: 'ChangePreview' });

const changeWish = {
  planId: idOf('pln').optional().describe('Left out: the plan stays, at the version and price it was bought for.'),
  interval: Interval.optional(),
  quantity: Quantity.optional(),
  coupon: plainText(64)
    .optional()
    .describe(
      'Taken off a whole period that the change bills: the conversion of a trial, what follows a free plan, an interval.',
    ),
};

const commitWish = {
  quote: ApiQuote.optional(),
  expectedVersion: z
    .int()
    .optional()
    .describe('The version of the subscription that was seen: if it has another one by now, nothing is done.'),
  successUrl: ReturnUrl.optional().describe(
    'Where the browser goes afterwards; needed where something is to be paid. `{CHECKOUT_SESSION_ID}` is replaced.',
  ),
  cancelUrl: ReturnUrl.optional(),
  rail: Rail.default('card'),
  reason: plainText(500).optional(),
};

export const previewing = {
  method: 'POST',
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params,
} as const;

export const CustomerWish = z.strictObject(changeWish);

export const PreviewSubscriptionChange = httpContract({
  ...previewing,
  name: 'PreviewSubscriptionChange',
  service: 'gateway',
  path: '/v1/subscriptions/:id/preview-change',
  summary: 'What a change of plan, interval or quantity would cost and do, to the last unit. Nothing happens.',
  access: MAY_CHANGE,
  body: CustomerWish,
  answer: ApiChangePreview,
});

const Addition = z.union([
  z.strictObject({ planId: idOf('pln'), quantity: Quantity }),
  z.strictObject({
    key: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
      .describe('Unique within the subscription.'),
    name: plainText(200),
    unitPrice: z.strictObject({ amount: z.int().min(0).max(1_000_000_000_000), currency: ApiMoney.shape.currency }),
    taxBehavior: TaxBehavior.default('exclusive'),
    quantity: Quantity,
  }),
]);

const operatorWish = {
  ...changeWish,
  items: z
    .array(Addition)
    .max(20)
    .optional()
    .describe('Everything beside the plan, whole: other plans of the product, or what was agreed by hand.'),
  mode: z
    .enum(['standard', 'convert_now'])
    .default('standard')
    .describe('`convert_now`: what is left of a dearer plan becomes time on the cheaper one.'),
  newestVersion: z.boolean().default(false).describe('The plan as it is sold now, from the next period on.'),
};

export const OperatorWish = z.strictObject(operatorWish);
export const OPERATORS = { anyOf: ['tenant_subscription.write'] } as const;

export const PreviewSubscriptionItems = httpContract({
  ...previewing,
  name: 'PreviewSubscriptionItems',
  service: 'gateway',
  path: '/v1/subscriptions/:id/items/preview',
  summary: 'For operators: what changing a tenant’s plan and items would bill and do. Nothing happens.',
  access: OPERATORS,
  body: OperatorWish,
  answer: ApiChangePreview,
});

const Committed = z.strictObject({
  change: ApiSubscriptionChange,
  subscription: ApiSubscription.describe('As it is now; what is to be paid or scheduled has not changed it yet.'),
  checkout: ApiCheckoutSession.nullable().describe('Where to pay; null where nothing is to be paid.'),
});

const commit = {
  service: 'subscription',
  method: 'POST',
  audit: 'subscription.change_requested',
  idempotency: 'required',
  rate: 'write',
  params,
  answer: Committed,
} as const;

export const ChangeSubscription = httpContract({
  ...commit,
  name: 'ChangeSubscription',
  path: '/v1/subscriptions/:id/change',
  summary:
    'Change plan, interval or quantity: paid for first, at once, or at the end of the period, as the preview says.',
  access: MAY_CHANGE,
  body: z.strictObject({ ...changeWish, ...commitWish }),
});

export const CommitSubscriptionItems = httpContract({
  ...commit,
  name: 'CommitSubscriptionItems',
  path: '/v1/subscriptions/:id/items/commit',
  summary: 'For operators: change a tenant’s plan and items as previewed. What is to be paid waits for its payment.',
  access: OPERATORS,
  body: z.strictObject({ ...operatorWish, ...commitWish }),
});

export const ListSubscriptionChanges = httpContract({
  name: 'ListSubscriptionChanges',
  service: 'subscription',
  method: 'GET',
  path: '/v1/subscriptions/:id/changes',
  summary: 'What was changed, is scheduled or waits for its payment; newest first.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params,
  query: z.strictObject(pageById('chg')),
  answer: pageOf(ApiSubscriptionChange),
});

export const UndoSubscriptionChange = httpContract({
  name: 'UndoSubscriptionChange',
  service: 'subscription',
  method: 'POST',
  path: '/v1/subscriptions/:id/changes/:change/undo',
  summary:
    'Undo a change that is scheduled or waits for its payment: the subscription renews as it is, and its checkout can no longer be paid.',
  access: MAY_CHANGE,
  audit: 'subscription.change_undone',
  idempotency: 'none',
  rate: 'write',
  params: z.strictObject({ id: idOf('sub'), change: idOf('chg') }),
  answer: ApiSubscriptionChange,
});

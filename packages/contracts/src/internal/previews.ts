import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { TaxBehavior } from '../messages/shared.ts';
import { ApiDueNow } from '../public/checkout-sessions.ts';
import {
  ApiPeriod,
  CustomerWish,
  MAY_CHANGE,
  OPERATORS,
  OperatorWish,
  plannedChange,
  previewing,
} from '../public/subscription-changes.ts';
import { ApiAccountId, ApiMoney, CountryCode, CurrencyCode, idOf } from '../shapes.ts';

/** Lines before tax, as subscription asks invoicing to bill them. */
const RequestedLines = z.array(
  z.strictObject({
    description: z.string(),
    quantity: z.int().positive(),
    unitPrice: ApiMoney,
    taxBehavior: TaxBehavior,
    period: ApiPeriod,
  }),
);

/** The preview as subscription knows it: the gateway has invoicing add the tax. */
export const ApiPlannedChange = z.strictObject({
  subscriptionId: idOf('sub'),
  accountId: ApiAccountId,
  productId: idOf('prd'),
  currency: CurrencyCode,
  country: CountryCode.nullable(),
  ...plannedChange,
  lines: RequestedLines,
  nextLines: RequestedLines,
});

/** The half of the preview that subscription knows. Not reachable from outside. */
export const PlanSubscriptionChange = httpContract({
  ...previewing,
  name: 'PlanSubscriptionChange',
  service: 'subscription',
  path: '/internal/subscriptions/:id/plan-change',
  summary: 'A change thought through, before tax.',
  access: MAY_CHANGE,
  body: CustomerWish,
  answer: ApiPlannedChange,
});

export const PlanSubscriptionItems = httpContract({
  ...previewing,
  name: 'PlanSubscriptionItems',
  service: 'subscription',
  path: '/internal/subscriptions/:id/plan-items',
  summary: 'A change of items thought through, before tax.',
  access: OPERATORS,
  body: OperatorWish,
  answer: ApiPlannedChange,
});

/**
 * What invoicing would bill now and next, without an invoice: the same tax decision, rounding and carried amounts as
 * drafts would have. What `lines` leave to be carried is a line of `nextLines`.
 */
export const QuoteInvoice = httpContract({
  name: 'QuoteInvoice',
  service: 'invoicing',
  method: 'POST',
  path: '/internal/invoice-quotes',
  summary: 'Lines with their tax and total, as this and the next invoice of the account would have them.',
  access: MAY_CHANGE,
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  body: z.strictObject({
    accountId: ApiAccountId,
    productId: idOf('prd'),
    subscriptionId: idOf('sub'),
    country: CountryCode.nullable(),
    currency: CurrencyCode,
    /** Empty where nothing is billed. */
    lines: RequestedLines.max(100),
    nextLines: RequestedLines.max(100),
  }),
  answer: z.strictObject({ dueNow: ApiDueNow.nullable(), nextCharge: ApiDueNow.nullable() }),
});

import { isId } from '@quittance/kernel';
import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAccountId, ApiMoney, idOf, Instant, Interval, pageQuery } from '../shapes.ts';

/** Days as `30d`, at most a year and a day. */
const WindowDays = z
  .string()
  .regex(/^\d{1,3}d$/, 'must be days like 30d')
  .transform((text) => Number(text.slice(0, -1)))
  .refine((days) => days >= 1 && days <= 366, { error: 'must be from 1d to 366d' });

/** When it is charged, in milliseconds, and which it is. */
const isRenewalCursor = (text: string): boolean => {
  const [, id] = /^\d{1,14}\.(\w+)$/.exec(text) ?? [];
  return isId('sub', id);
};

export const ApiUpcomingRenewal = z
  .strictObject({
    subscriptionId: idOf('sub'),
    accountId: ApiAccountId,
    productKey: z.string(),
    planKey: z.string(),
    planName: z.string(),
    interval: Interval,
    dueAt: Instant,
    period: z.strictObject({ start: Instant, end: Instant }).describe('What it will pay for.'),
    amount: ApiMoney.describe(
      'As the last invoice was taxed, or before tax where there was none yet: `withTax` says which.',
    ),
    withTax: z.boolean(),
  })
  .meta({ id: 'UpcomingRenewal' });

export const ListRenewals = httpContract({
  name: 'ListRenewals',
  service: 'subscription',
  method: 'GET',
  path: '/v1/renewals',
  summary: 'What will be charged in the days to come, soonest first, with the sums of the whole window.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...pageQuery(isRenewalCursor),
    window: WindowDays.default(30),
    account: ApiAccountId.optional(),
  }),
  answer: z.strictObject({
    data: z.array(ApiUpcomingRenewal),
    nextCursor: z.string().nullable(),
    totals: z.array(z.strictObject({ count: z.int(), amount: ApiMoney })),
    until: Instant,
  }),
});

import { type ListRenewals, toApiMoney } from '@quittance/contracts';
import { type z } from 'zod';

import { type UpcomingRenewal, type UpcomingRenewals } from '../application/index.ts';

export const toApiRenewals = (upcoming: UpcomingRenewals): z.infer<typeof ListRenewals.answer> => ({
  data: upcoming.items.map(toApiRenewal),
  nextCursor: upcoming.nextCursor,
  totals: upcoming.totals.map(({ count, amount }) => ({ count, amount: toApiMoney(amount) })),
  until: upcoming.until.toISOString(),
});

const toApiRenewal = ({ subscription, dueAt, nextPeriod, amount, withTax }: UpcomingRenewal) => ({
  subscriptionId: subscription.id,
  accountId: subscription.accountId,
  productKey: subscription.productKey,
  planKey: subscription.planKey,
  planName: subscription.planName,
  interval: subscription.interval,
  dueAt: dueAt.toISOString(),
  period: { start: nextPeriod.start.toISOString(), end: nextPeriod.end.toISOString() },
  amount: toApiMoney(amount),
  withTax,
});

import { versionedUpdate, write } from '@quittance/database';
import { assert } from '@quittance/kernel';
import { type Interval, isInterval } from '@quittance/money';

import { type MirroredSubscriptions } from '../application/ports.ts';
import { LEGACY_STATUSES, PLAN_SOURCES, type MirroredSubscription } from '../domain/legacy-subscription.ts';
import { type MirroredSubscription as Row, type Prisma, type PrismaClient } from './generated/client.ts';
import { accountFromRow, moneyFromRow, oneOf } from './row-values.ts';

const PAGE = 500;

export const makeMirroredSubscriptions = (client: PrismaClient): MirroredSubscriptions => ({
  find: async (provider, reference) => {
    const row = await client.mirroredSubscription.findUnique({
      where: { provider_reference: { provider, reference } },
    });
    return row && fromRow(row);
  },

  save: (before, after) =>
    write<Prisma.TransactionClient>(async (tx) => {
      const { provider, reference } = after.subscription;
      const row = toRow(after);
      const saving =
        before === null
          ? tx.mirroredSubscription.createMany({ data: [row], skipDuplicates: true })
          : tx.mirroredSubscription.updateMany({
              where: { provider, reference, version: BigInt(before.version) },
              data: row,
            });
      await versionedUpdate(saving, `Subscription ${reference} of ${provider}`);
    }),

  changedSince: (since) => inPages(client, since),
});

async function* inPages(client: PrismaClient, since: Date | null): AsyncGenerator<MirroredSubscription> {
  // Versions are wall time in ms, so that they say what changed since.
  let after = since === null ? -1n : BigInt(since.getTime()) - 1n;
  let last = '';
  for (;;) {
    const rows = await client.mirroredSubscription.findMany({
      where: { OR: [{ version: { gt: after } }, { version: after, reference: { gt: last } }] },
      orderBy: [{ version: 'asc' }, { reference: 'asc' }],
      take: PAGE,
    });
    yield* rows.map(fromRow);
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    after = end.version;
    last = end.reference;
  }
}

const fromRow = (row: Row): MirroredSubscription => ({
  version: Number(row.version),
  subscription: {
    provider: row.provider,
    reference: row.reference,
    status: oneOf(LEGACY_STATUSES, row.status),
    accountId: row.accountId === null ? null : accountFromRow(row.accountId),
    productKey: row.productKey,
    planKey: row.planKey,
    planFrom: row.planFrom === null ? null : oneOf(PLAN_SOURCES, row.planFrom),
    priceReference: row.priceReference,
    interval: intervalFromRow(row.interval),
    quantity: row.quantity,
    unitPrice: moneyFromRow(row.unitPriceMinor, row.currency),
    anchorAt: row.anchorAt,
    period: { start: row.periodStart, end: row.periodEnd },
    cancelAtPeriodEnd: row.cancelAtPeriodEnd,
    endedAt: row.endedAt,
  },
});

const intervalFromRow = (value: string): Interval => {
  assert(isInterval(value), `not an interval: ${value}`);
  return value;
};

const toRow = ({ subscription, version }: MirroredSubscription): Row => ({
  provider: subscription.provider,
  reference: subscription.reference,
  status: subscription.status,
  accountId: subscription.accountId,
  productKey: subscription.productKey,
  planKey: subscription.planKey,
  planFrom: subscription.planFrom,
  priceReference: subscription.priceReference,
  interval: subscription.interval,
  quantity: subscription.quantity,
  unitPriceMinor: subscription.unitPrice.amountMinor,
  currency: subscription.unitPrice.currency,
  anchorAt: subscription.anchorAt,
  periodStart: subscription.period.start,
  periodEnd: subscription.period.end,
  cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
  endedAt: subscription.endedAt,
  version: BigInt(version),
});

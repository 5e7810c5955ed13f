import { type Database, insertRows, selectFrom, statementWrite, updateRow } from '@quittance/database';
import { type AccountScope } from '@quittance/kernel';

import { type Plans, type SubscriptionAndPlace, type Subscriptions } from '../application/index.ts';
import { documentOf, type EntitlementDocument } from '../domain/entitlement-document.ts';
import { isLive, SUBSCRIPTION_STATUSES } from '../domain/subscription-status.ts';
import { type Subscription } from '../domain/subscription.ts';
import { Prisma, type PrismaClient, type Subscription as SubscriptionColumns } from './generated/client.ts';
import { oneInScope } from './one-in-scope.ts';
import { fromRowSubscription, toRowSubscription } from './subscription-row.ts';
import { updateSubscriptions } from './update-subscriptions.ts';

const LIVE = SUBSCRIPTION_STATUSES.filter(isLive);
const DOCUMENTS_BATCH = 200;

const SUBSCRIPTIONS = { table: 'subscriptions', fields: Prisma.SubscriptionScalarFieldEnum };

export const makeSubscriptions = (
  { client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>,
  plans: Plans,
): Subscriptions => ({
  find: (scope, id) =>
    read(async (ask) => {
      const [row] = await ask(selectFrom<SubscriptionColumns>(SUBSCRIPTIONS, ...oneInScope(scope, id)));
      return row === undefined ? null : fromRowSubscription(row);
    }),

  findMany: async (ids) => {
    const rows = await client.subscription.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(fromRowSubscription);
  },

  findLive: (accountId, productId) =>
    read(async (ask) => {
      const live = 'WHERE t.account_id = $1 AND t.product_id = $2 AND t.status = ANY($3) LIMIT 1';
      const [row] = await ask(selectFrom<SubscriptionColumns>(SUBSCRIPTIONS, live, [accountId, productId, LIVE]));
      return row === undefined ? null : fromRowSubscription(row);
    }),

  findWithPlace: (id) => findWithPlace(read, id),

  list: async (scope, filter, page) => {
    const rows = await client.subscription.findMany({
      where: {
        ...inScope(scope),
        status: filter.status ?? { not: 'draft' },
        ...(filter.productKey === null ? {} : { productKey: filter.productKey }),
        ...(filter.planId === null ? {} : { planId: filter.planId }),
        ...(filter.planVersionId === null ? {} : { planVersionId: filter.planVersionId }),
        ...(page.after === null ? {} : { id: { lt: page.after } }),
      },
      orderBy: { id: 'desc' },
      take: page.limit + 1,
    });
    const items = rows.slice(0, page.limit).map(fromRowSubscription);
    return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
  },

  hadTrial: async (accountId, productId) =>
    (await client.subscription.count({ where: { accountId, productId, trialEnd: { not: null } }, take: 1 })) > 0,

  documents: async (accountId) => {
    const rows = await client.subscription.findMany({
      where: { accountId, status: { notIn: [...NEVER_HELD] } },
      orderBy: { version: 'desc' },
    });
    return withEntitlements(plans, newestPerProduct(rows.map(fromRowSubscription)));
  },

  documentsSince: (since) => documentsSince(client, plans, since),

  highestVersion: (accountId, productId) => highestVersion(read, accountId, productId),

  highestVersions: (subscriptions) => highestVersions(client, subscriptions),

  insert: (subscription) => statementWrite(insertRows('subscriptions', [toRowSubscription(subscription)])),

  update: (subscription, version) => {
    const change = { set: toRowSubscription(subscription), where: { id: subscription.id, version } };
    return statementWrite(updateRow('subscriptions', change, `Subscription ${subscription.id}`));
  },

  updateMany: updateSubscriptions,
});

/** Of its account and product. */
const IN_ITS_PLACE =
  'WHERE (t.account_id, t.product_id) IN (SELECT account_id, product_id FROM subscriptions WHERE id = $1)';

const findWithPlace = (read: Database<PrismaClient>['read'], id: string): Promise<SubscriptionAndPlace | null> =>
  read(async (ask) => {
    const [[own], [live], [top]] = await Promise.all([
      ask(selectFrom<SubscriptionColumns>(SUBSCRIPTIONS, 'WHERE t.id = $1', [id])),
      ask(selectFrom<SubscriptionColumns>(SUBSCRIPTIONS, `${IN_ITS_PLACE} AND t.status = ANY($2) LIMIT 1`, [id, LIVE])),
      ask<{ readonly highest: bigint | null }>({
        text: `SELECT max(t.version) AS highest FROM subscriptions t ${IN_ITS_PLACE}`,
        values: [id],
      }),
    ]);
    if (own === undefined) return null;
    const subscription = fromRowSubscription(own);
    return {
      subscription,
      live: live === undefined ? null : fromRowSubscription(live),
      highest: Number(top?.highest ?? 0),
    };
  });

const highestVersion = (read: Database<PrismaClient>['read'], accountId: string, productId: string): Promise<number> =>
  read(async (ask) => {
    const text = 'SELECT max(version) AS highest FROM subscriptions WHERE account_id = $1 AND product_id = $2';
    const [row] = await ask<{ readonly highest: bigint | null }>({ text, values: [accountId, productId] });
    return Number(row?.highest ?? 0);
  });

const highestVersions = async (
  client: PrismaClient,
  subscriptions: readonly Subscription[],
): Promise<ReadonlyMap<string, number>> => {
  const accounts = subscriptions.map(({ accountId }) => accountId);
  const products = subscriptions.map(({ productId }) => productId);
  const rows = await client.$queryRaw<{ place: string; version: bigint }[]>`
    SELECT account_id || ' ' || product_id AS place, max(version) AS version FROM subscriptions
    WHERE (account_id, product_id) IN (SELECT * FROM unnest(${accounts}::text[], ${products}::text[]))
    GROUP BY account_id, product_id`;
  return new Map(rows.map(({ place, version }) => [place, Number(version)]));
};

/** Of these nobody ever had anything, so they have no document. */
const NEVER_HELD = ['draft', 'expired'] as const;

const inScope = (scope: AccountScope): { accountId?: string } =>
  scope === 'every_account' ? {} : { accountId: scope.account };

/** Rows come highest version first: the first of each product is its current document. */
const newestPerProduct = (subscriptions: readonly Subscription[]): readonly Subscription[] => [
  ...new Map(subscriptions.toReversed().map((subscription) => [subscription.productId, subscription])).values(),
];

const withEntitlements = (
  plans: Plans,
  subscriptions: readonly Subscription[],
): Promise<readonly EntitlementDocument[]> =>
  Promise.all(
    subscriptions.map(async (subscription) => documentOf(subscription, await plans.entitlementsOf(subscription.items))),
  );

async function* documentsSince(
  client: PrismaClient,
  plans: Plans,
  since: Date | null,
): AsyncGenerator<EntitlementDocument> {
  for (let after = ''; ;) {
    const rows = await client.subscription.findMany({
      where: {
        id: { gt: after },
        status: { notIn: [...NEVER_HELD] },
        ...(since === null ? {} : { updatedAt: { gte: since } }),
      },
      orderBy: { id: 'asc' },
      take: DOCUMENTS_BATCH,
    });
    // An older subscription of the same product may come along; its lower revision loses at the consumer.
    yield* await withEntitlements(plans, rows.map(fromRowSubscription));
    const last = rows.at(-1);
    if (!last || rows.length < DOCUMENTS_BATCH) return;
    after = last.id;
  }
}

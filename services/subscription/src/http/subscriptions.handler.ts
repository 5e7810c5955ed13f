import { GetAccountEntitlements, GetAccountStatus, GetSubscription, ListSubscriptions } from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';

import { type ReadSubscriptions } from '../application/index.ts';
import { toApiEntitlementDocument, toApiSubscription } from './convert.ts';

export const listSubscriptionsHandler = (read: ReadSubscriptions) =>
  handle(ListSubscriptions, async ({ query, principal }) => {
    const page = { limit: query.limit, after: query.after ?? null };
    const { items, nextCursor } = await read.list(
      scopeOf(principal, query.account),
      {
        status: query.status ?? null,
        productKey: query.product ?? null,
        planId: query.plan ?? null,
        planVersionId: query.planVersion ?? null,
      },
      page,
    );
    return ok({ data: items.map(toApiSubscription), nextCursor });
  });

export const getSubscriptionHandler = (read: ReadSubscriptions) =>
  handle(GetSubscription, async ({ params, principal }) =>
    ok(toApiSubscription(await read.one(scopeOf(principal), params.id))),
  );

export const getEntitlementsHandler = (read: ReadSubscriptions) =>
  handle(GetAccountEntitlements, async ({ params, principal }) => {
    scopeOf(principal, params.id);
    const { documents, asOf } = await read.entitlements(params.id);
    const revision = Math.max(0, ...documents.map((document) => document.revision));
    const answer = {
      accountId: params.id,
      documents: documents.map(toApiEntitlementDocument),
      asOf: asOf.toISOString(),
    };
    return ok(answer, { etag: String(revision) });
  });

export const getStatusHandler = (read: ReadSubscriptions) =>
  handle(GetAccountStatus, async ({ params, principal }) => {
    scopeOf(principal, params.id);
    const { documents, asOf } = await read.entitlements(params.id);
    const products = documents.map(({ productKey, planKey, status, accessUntil }) => ({
      productKey,
      planKey,
      status,
      accessUntil: accessUntil?.toISOString() ?? null,
    }));
    return ok({ accountId: params.id, products, asOf: asOf.toISOString() });
  });

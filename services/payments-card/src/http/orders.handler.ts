import { GetPaymentOrder, ListPaymentOrders } from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';
import { platformFail } from '@quittance/kernel';

import { type GetOrder, type ListOrders } from '../application/index.ts';
import { type PaymentStatus } from '../domain/order.ts';
import { toApiPaymentOrder } from './convert.ts';

export const listOrdersHandler = (listOrders: ListOrders) =>
  handle(ListPaymentOrders, async ({ query, principal }) => {
    const scope = scopeOf(principal, query.account);
    const account = scope === 'every_account' ? null : scope.account;
    const status = query.status ?? null;
    // Nothing is refunded or disputed here yet; such a page is empty.
    if (status !== null && !isReached(status)) return ok({ data: [], nextCursor: null });
    const page = await listOrders({ account, status, after: query.after ?? null, limit: query.limit });
    return ok({ data: page.orders.map(toApiPaymentOrder), nextCursor: page.nextCursor });
  });

export const getOrderHandler = (getOrder: GetOrder) =>
  handle(GetPaymentOrder, async ({ params, principal }) => {
    const scope = scopeOf(principal);
    const order = await getOrder(params.id);
    if (scope !== 'every_account' && scope.account !== order.accountId) {
      throw platformFail('platform.not_found', `There is no order ${params.id}.`, { trespass: true });
    }
    return ok(toApiPaymentOrder(order));
  });

const REACHED: readonly PaymentStatus[] = ['pending', 'confirming', 'completed', 'failed', 'expired'];

const isReached = (status: string): status is PaymentStatus => REACHED.some((reached) => reached === status);

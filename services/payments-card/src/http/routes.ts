import { type Route } from '@quittance/http';

import { type GetOrder, type ListOrders, type OpenPortal, type ReceiveWebhook } from '../application/index.ts';
import { getOrderHandler, listOrdersHandler } from './orders.handler.ts';
import { portalHandler } from './portal.handler.ts';
import { stripeWebhookHandler } from './webhook.handler.ts';

export const routes = (cases: {
  readonly listOrders: ListOrders;
  readonly getOrder: GetOrder;
  readonly receiveWebhook: ReceiveWebhook;
  readonly openPortal: OpenPortal;
}): readonly Route[] => [
  listOrdersHandler(cases.listOrders),
  getOrderHandler(cases.getOrder),
  portalHandler(cases.openPortal),
  stripeWebhookHandler(cases.receiveWebhook),
];

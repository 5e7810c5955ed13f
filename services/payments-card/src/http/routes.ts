import { type Route } from '@quittance/http';

import { type GetOrder, type ListOrders, type ReceiveWebhook } from '../application/index.ts';
import { getOrderHandler, listOrdersHandler } from './orders.handler.ts';
import { stripeWebhookHandler } from './webhook.handler.ts';

export const routes = (cases: {
  readonly listOrders: ListOrders;
  readonly getOrder: GetOrder;
  readonly receiveWebhook: ReceiveWebhook;
}): readonly Route[] => [
  listOrdersHandler(cases.listOrders),
  getOrderHandler(cases.getOrder),
  stripeWebhookHandler(cases.receiveWebhook),
];

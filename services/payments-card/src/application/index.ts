export { type AcceptChargeInput, type AcceptCharges, makeAcceptCharges } from './accept-charges.ts';
export { type AcceptOrder, makeAcceptOrder } from './accept-order.ts';
export { type CloseOrder, makeCloseOrder, makeRecheckOrder, type RecheckOrder } from './ask-order.ts';
export { type DenialCounter, makeDenialCounter } from './count-denials.ts';
export { type KeepMethod, makeKeepMethod } from './keep-method.ts';
export { makeMirrorSubscription } from './mirror-subscription.ts';
export type {
  CardProvider,
  EventStore,
  MirroredSubscriptions,
  OrderStore,
  StoredEvent,
  WebhookVerifier,
} from './ports.ts';
export { makeOpenPortal, type OpenPortal } from './open-portal.ts';
export { makeLookAhead, makeProcessEvent, type ProcessEvent } from './process-event.ts';
export { type GetOrder, type ListOrders, makeGetOrder, makeListAttention, makeListOrders } from './read-orders.ts';
export {
  type EventPlace,
  makeReceiveWebhook,
  type ReceiveWebhook,
  type ReceiveWebhookDeps,
} from './receive-webhook.ts';
export { makeWorkOrder, type WorkOrder } from './work-order.ts';

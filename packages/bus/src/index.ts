export { type Binding, on } from './binding.ts';
export {
  type DeadLetter,
  type DeadLetterStore,
  DUPLICATE_DELIVERY,
  type InboxStore,
  type OutboxLeadership,
  type OutboxRow,
  type OutboxStore,
} from './stores.ts';
export type {
  ArrivedDeadLetter,
  Backlog,
  Delivery,
  OnDelivery,
  PublishResult,
  Settlement,
  Subscription,
  Transport,
} from './transport.ts';

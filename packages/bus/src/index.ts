export { type Binding, on } from './binding.ts';
export { type Consumer, type ConsumerDeps, makeConsumer } from './consumer.ts';
export { makePostgresTransport, type PostgresTransportOptions } from './postgres/postgres-transport.ts';
export { DEFAULT_RETRY_TIERS_MS, rabbitMqDefinitions } from './rabbit/definitions.ts';
export { makeRabbitTransport, type RabbitTransportOptions } from './rabbit/rabbit-transport.ts';
export { makeRelay, type Relay, type RelayDeps } from './relay.ts';
export { type Replayed, replayDeadLetter, type ReplayDeps } from './replay-dead-letter.ts';
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

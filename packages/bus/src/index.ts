export { type Binding, on } from './binding.ts';
export { type Consumer, makeConsumer } from './consumer.ts';
export { makePostgresTransport } from './postgres/postgres-transport.ts';
export { rabbitMqDefinitions } from './rabbit/definitions.ts';
export { makeRabbitTransport } from './rabbit/rabbit-transport.ts';
export { makeRelay, type Relay } from './relay.ts';
export { replayDeadLetter } from './replay-dead-letter.ts';
export type { DeadLetter, DeadLetterStore } from './stores.ts';
export type { ArrivedDeadLetter, Delivery, Settlement, Transport } from './transport.ts';

import { rabbitMqDefinitions } from '@quittance/bus';

/** The topology as RabbitMQ's own definitions file, for brokers that are set up before the services run. */
export const rabbitDocument = (): string => `${JSON.stringify(rabbitMqDefinitions(), null, 2)}\n`;

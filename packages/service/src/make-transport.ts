import { makePostgresTransport, makeRabbitTransport, type Transport } from '@quittance/bus';
import { must } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type BaseConfig } from './kit.ts';

type TransportConfig = Pick<BaseConfig, 'RABBITMQ_URL' | 'RABBITMQ_PREFIX' | 'BUS_DATABASE_URL' | 'RETRY_TIERS_MS'>;

/** RabbitMQ where it is configured, otherwise PostgreSQL; the configuration has made sure of exactly one. */
export const makeTransport = (config: TransportConfig, logger: Logger): Transport => {
  const retryTiersMs = config.RETRY_TIERS_MS;
  return config.RABBITMQ_URL
    ? makeRabbitTransport({ url: config.RABBITMQ_URL, prefix: config.RABBITMQ_PREFIX, retryTiersMs, logger })
    : makePostgresTransport({ url: must(config.BUS_DATABASE_URL, 'BUS_DATABASE_URL'), retryTiersMs, logger });
};

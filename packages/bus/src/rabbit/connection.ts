import { type Secret, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { connect, type RecoveringChannelModel } from 'amqplib';

import { withDeadline } from '../deadline.ts';

export interface RabbitConnectionOptions {
  readonly url: Secret;
  /** Shown in the broker's list of connections. */
  readonly name: string;
  readonly logger: Logger;
}

const HEARTBEAT_SECONDS = 5;
/** A socket that is accepted but never speaks AMQP would otherwise hang for ever. */
const HANDSHAKE_MAX_MS = 5_000;
const CLOSE_MAX_MS = 1_000;
/** With the delays of the recovery about 26 s, then `start` fails. Once connected it tries for ever. */
const FIRST_TRIES_MAX = 10;

/** A connection that comes back by itself. Channels on it do not: `keepChannel` opens them again. */
export const connectRabbit = async ({
  url,
  name,
  logger,
}: RabbitConnectionOptions): Promise<RecoveringChannelModel> => {
  const connection = await connect(withHeartbeat(url), {
    noDelay: true,
    keepAlive: true,
    timeout: HANDSHAKE_MAX_MS,
    clientProperties: { connection_name: name },
    recovery: { initialDelay: 100, maxDelay: 5_000, initialMaxRetries: FIRST_TRIES_MAX },
  });
  // Errors are followed by `disconnect`; without a listener they would end the process.
  connection.on('error', () => undefined);
  connection.on('disconnect', (error) => logger.warn({ err: error, connection: name }, 'broker connection lost'));
  connection.on('connect', () => logger.info({ connection: name }, 'broker connected'));
  connection.on('blocked', (reason) => logger.warn({ reason, connection: name }, 'broker blocks publishers'));
  return connection;
};

export const closeRabbit = async (connection: RecoveringChannelModel): Promise<void> => {
  // A frozen broker never answers; the socket then dies with its heartbeat.
  await withDeadline(connection.close(), CLOSE_MAX_MS).catch((thrown: unknown) => toError(thrown));
};

const withHeartbeat = (url: Secret): string => {
  const parsed = new URL(url.reveal());
  parsed.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return parsed.toString();
};

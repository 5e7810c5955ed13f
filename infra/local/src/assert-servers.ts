import { toError } from '@quittance/kernel';
import { connect } from 'amqplib';

import { LocalError } from './local-error.ts';

export interface GivenServers {
  readonly databaseUrl: string | null;
  readonly rabbitUrl: string | null;
}

const ANSWER_DEADLINE_MS = 10_000;

/** Throws one clear sentence when a server that was named cannot be used, before anything is started. */
export const assertServers = async ({ databaseUrl, rabbitUrl }: GivenServers): Promise<void> => {
  if (databaseUrl !== null) {
    parse('DATABASE_URL', databaseUrl, {
      protocols: ['postgresql:', 'postgres:'],
      like: 'postgresql://me@host:5432/postgres',
    });
  }
  if (rabbitUrl === null) return;
  const { host } = parse('RABBITMQ_URL', rabbitUrl, {
    protocols: ['amqp:', 'amqps:'],
    like: 'amqp://me:password@host:5672',
  });
  try {
    const connection = await connect(rabbitUrl, { timeout: ANSWER_DEADLINE_MS });
    await connection.close();
  } catch (error) {
    throw new LocalError(
      `RabbitMQ at ${host} cannot be reached: ${toError(error).message}. ` +
        'Start it, or leave RABBITMQ_URL out: messages then travel over PostgreSQL.',
      { cause: error },
    );
  }
};

const parse = (
  name: string,
  value: string,
  expected: { readonly protocols: readonly string[]; readonly like: string },
): URL => {
  const url = URL.parse(value);
  if (url === null || url.host === '' || !expected.protocols.includes(url.protocol)) {
    // The value is not repeated: it may hold a password.
    throw new LocalError(`${name} is no address this can use; one looks like ${expected.like}.`);
  }
  return url;
};

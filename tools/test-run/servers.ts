import { rabbitTestUrl, startEmbeddedServer } from '@quittance/testkit';

export interface Servers {
  /** What the suites find the servers by. */
  readonly env: Readonly<Record<string, string>>;
  /** What had to be left out for want of a server, a sentence each. */
  readonly leftOut: readonly string[];
  stop(): Promise<void>;
}

/** One PostgreSQL for all suites (given, or embedded), and the broker if there is one. */
export const startServers = async (): Promise<Servers> => {
  const given = process.env['TEST_DATABASE_URL'] ?? process.env['DATABASE_URL'];
  const rabbit = await rabbitTestUrl();
  const postgres = given === undefined || given === '' ? await startEmbeddedServer() : null;
  return {
    env: {
      TEST_DATABASE_URL: postgres?.adminUrl ?? given ?? '',
      ...(rabbit === null ? {} : { RABBITMQ_URL: rabbit }),
    },
    leftOut:
      rabbit === null
        ? ['Left out: every suite over RabbitMQ (no RABBITMQ_URL, and no broker answers on 127.0.0.1:5672).']
        : [],
    stop: async () => postgres?.stop(),
  };
};

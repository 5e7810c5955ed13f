import { busDatabaseUrl, type SuiteFacts } from '@quittance/local';
import amqp, { type ChannelModel } from 'amqplib';
import pg from 'pg';

import { QUEUES } from './queues.ts';

export interface QueueDepth {
  readonly name: string;
  /** Ready to be taken: what a consumer has in its hands is not counted. */
  readonly messages: number;
}

export interface QueueGauge {
  read(): Promise<readonly QueueDepth[]>;
  end(): Promise<void>;
}

/** How full the suite's queues are, dead-letter queues included, at the broker or in PostgreSQL. */
export const openQueueGauge = (facts: SuiteFacts): QueueGauge =>
  facts.rabbitUrl === null ? inPostgres(facts) : atBroker(facts, facts.rabbitUrl);

/** A connection that is kept; whoever killed the broker finds the next reading on a new one. */
const atBroker = (facts: SuiteFacts, url: string): QueueGauge => {
  let open: Promise<ChannelModel> | null = null;
  const names = QUEUES.flatMap((service) => {
    const name = `${facts.databasePrefix}.quittance.${service}`;
    return [name, `${name}.dead`];
  });
  const connect = async (): Promise<ChannelModel> => {
    const connection = await amqp.connect(url);
    connection.on('error', () => undefined);
    connection.on('close', () => {
      open = null;
    });
    return connection;
  };
  return {
    read: async () => {
      open ??= connect();
      const connection = await open.catch((error: unknown) => {
        open = null;
        throw error;
      });
      const channel = await connection.createChannel();
      channel.on('error', () => undefined);
      const depths: QueueDepth[] = [];
      for (const name of names) depths.push({ name, messages: (await channel.checkQueue(name)).messageCount });
      await channel.close();
      return depths;
    },
    end: async () => {
      const connection = await open?.catch(() => null);
      await connection?.close().catch(() => undefined);
    },
  };
};

const inPostgres = (facts: SuiteFacts): QueueGauge => {
  const pool = new pg.Pool({ connectionString: busDatabaseUrl(facts), max: 1 });
  pool.on('error', () => undefined);
  return {
    read: async () => {
      const { rows } = await pool.query<QueueDepth>(
        'SELECT queue AS name, count(*)::int AS messages FROM bus.delivery GROUP BY queue',
      );
      return rows;
    },
    end: () => pool.end(),
  };
};

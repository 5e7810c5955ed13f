import { must } from '@quittance/kernel';
import { connect } from 'amqplib';
import pg from 'pg';

import { type BenchSuite, openPool } from './bench-suite.ts';

/** Three broker hops and five commits, and nothing else. */
export interface BareChain {
  /** Milliseconds of one pass. */
  run(): Promise<number>;
  stop(): Promise<void>;
}

const HOPS = 3;
/** As large as a message of ours with its envelope. */
const BODY = JSON.stringify({ data: 'x'.repeat(900) });

/** Carries one message to whoever waits for it. */
interface BareBroker {
  hop(): Promise<void>;
  stop(): Promise<void>;
}

export const startBareChain = async (suite: BenchSuite, rabbitUrl: string | null): Promise<BareChain> => {
  const pool = openPool(suite, 'bus', 2);
  await pool.query('CREATE TABLE IF NOT EXISTS bench_commits (id bigserial PRIMARY KEY, body text NOT NULL)');
  const broker = rabbitUrl === null ? await postgresBroker(suite) : await rabbitBroker(rabbitUrl);
  const commit = async (): Promise<void> => {
    await pool.query({ name: 'bench_commit', text: 'INSERT INTO bench_commits (body) VALUES ($1)', values: [BODY] });
  };
  return {
    run: async () => {
      const startedMs = performance.now();
      await commit();
      await commit();
      for (let hop = 0; hop < HOPS; hop += 1) {
        await broker.hop();
        await commit();
      }
      return performance.now() - startedMs;
    },
    stop: async () => {
      await broker.stop();
      await pool.end();
    },
  };
};

/** A row, a notification, and the row taken out by another connection. */
const postgresBroker = async (suite: BenchSuite): Promise<BareBroker> => {
  const pool = openPool(suite, 'bus', 1);
  await pool.query('CREATE TABLE IF NOT EXISTS bench_queue (id bigserial PRIMARY KEY, body text NOT NULL)');
  const { connectionString } = pool.options;
  const consumer = new pg.Client({ connectionString });
  await consumer.connect();
  await consumer.query('LISTEN bench');
  let taken = Promise.withResolvers<void>();
  const take = async (): Promise<void> => {
    await consumer.query('DELETE FROM bench_queue RETURNING body');
    taken.resolve();
  };
  consumer.on('notification', () => {
    take().catch(taken.reject);
  });
  return {
    hop: async () => {
      taken = Promise.withResolvers();
      const text = "WITH sent AS (INSERT INTO bench_queue (body) VALUES ($1)) SELECT pg_notify('bench', '')";
      await pool.query({ name: 'bench_send', text, values: [BODY] });
      await taken.promise;
    },
    stop: async () => {
      await consumer.end();
      await pool.end();
    },
  };
};

/** A confirmed publish to a quorum queue, consumed and acknowledged on another connection. */
const rabbitBroker = async (url: string): Promise<BareBroker> => {
  const [publishing, consuming] = await Promise.all([connect(url, { noDelay: true }), connect(url, { noDelay: true })]);
  const queue = `bench.${process.pid}`;
  const sender = await publishing.createConfirmChannel();
  const receiver = await consuming.createChannel();
  await receiver.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  let taken = Promise.withResolvers<void>();
  await receiver.consume(queue, (message) => {
    receiver.ack(must(message, 'a message'));
    taken.resolve();
  });
  return {
    hop: async () => {
      taken = Promise.withResolvers();
      sender.sendToQueue(queue, Buffer.from(BODY), { persistent: true });
      await sender.waitForConfirms();
      await taken.promise;
    },
    stop: async () => {
      // The consumer goes first: a queue that is deleted under it sends it nothing, and that is an error here.
      await consuming.close();
      await sender.deleteQueue(queue);
      await publishing.close();
    },
  };
};

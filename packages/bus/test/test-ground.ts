import { type ServiceName } from '@quittance/contracts';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { type ArrivedDeadLetter, type Delivery, type Settlement, type Transport } from '../src/index.ts';
import { type Ground, type Harness, type TransportWish } from './harness.ts';
import { makeServiceFixture, type ServiceFixture } from './service-fixture.ts';

/** One test's queues, and everything it started on them. `end` leaves nothing behind, also after a failure. */
export interface TestGround extends Ground {
  /** Started and declared; stopped at the end. */
  start(wish?: TransportWish): Promise<Transport>;
  service(): Promise<ServiceFixture>;
  /** Runs at the end, last registered first. */
  later(stop: () => Promise<void>): void;
  end(): Promise<void>;
}

export const enterGround = async (harness: Pick<Harness, 'makeGround'>): Promise<TestGround> => {
  const ground = await harness.makeGround();
  const stops: (() => Promise<void>)[] = [() => ground.clear()];
  const later = (stop: () => Promise<void>): void => {
    stops.push(stop);
  };
  return {
    ...ground,
    later,
    start: async (wish) => {
      const transport = ground.makeTransport(wish);
      await transport.start();
      later(() => transport.stop());
      await transport.declare();
      return transport;
    },
    service: async () => {
      const fixture = await makeServiceFixture();
      later(() => fixture.close());
      return fixture;
    },
    end: async () => {
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
    },
  };
};

export interface Watched {
  readonly deliveries: readonly (Delivery & { readonly atMs: number })[];
  readonly letters: readonly ArrivedDeadLetter[];
  /** Resolves with the first `count` deliveries. */
  received(count: number): Promise<readonly Delivery[]>;
  buried(count: number): Promise<readonly ArrivedDeadLetter[]>;
}

/** Consumes a service's queue and its dead letters, and keeps what came. */
export const watch = async (
  transport: Transport,
  service: ServiceName,
  settle: (delivery: Delivery) => Settlement | Promise<Settlement> = () => ({ outcome: 'acknowledge' }),
): Promise<Watched> => {
  const deliveries: (Delivery & { readonly atMs: number })[] = [];
  const letters: ArrivedDeadLetter[] = [];
  await transport.drainDeadLetters(service, async (letter) => {
    letters.push(letter);
  });
  await transport.consume(service, { prefetch: 10 }, async (delivery) => {
    deliveries.push({ ...delivery, atMs: performance.now() });
    return settle(delivery);
  });
  return {
    deliveries,
    letters,
    received: (count) =>
      waitFor(() => deliveries.length >= count && deliveries.slice(0, count), {
        what: `${String(count)} deliveries to ${service}`,
        deadlineMs: 15_000,
      }),
    buried: (count) =>
      waitFor(() => letters.length >= count && letters.slice(0, count), {
        what: `${String(count)} dead letters of ${service}`,
        deadlineMs: 15_000,
      }),
  };
};

/** Nothing ready, delayed or in flight on the queues that somebody consumes. */
export const expectQuiet = async (transport: Transport): Promise<void> => {
  await waitFor(
    async () => {
      const { ready, delayed, inFlight } = await transport.backlog();
      return ready + delayed + inFlight === 0;
    },
    { what: 'the bus to be quiet' },
  );
};

export const expectConfirmed = (results: readonly unknown[]): void => {
  expect(results.filter((result) => result !== 'confirmed')).to.deep.equal([]);
};

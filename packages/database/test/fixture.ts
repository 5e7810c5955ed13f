import { makeNewId, Secret } from '@quittance/kernel';
import { makeLogger, type Operation, runInOperation } from '@quittance/runtime';
import { fakeClock, fakeWallClock, makeTestDatabase } from '@quittance/testkit';

import {
  makeInboxStore,
  makeUnitOfWork,
  openDatabase,
  type OutgoingMessageLike,
  type StoredMessage,
} from '../src/index.ts';
import { makeRawPrismaClient } from './raw-prisma-client.ts';

export const silent = makeLogger({ service: 'database-test', level: 'silent' });

/** A service's database with the platform tables and one table of its own, and a unit of work on it. */
export const makeFixture = async () => {
  const testDatabase = await makeTestDatabase({ platform: true });
  const url = new Secret(testDatabase.ownerUrl);
  const database = openDatabase({
    url,
    poolMax: 4,
    applicationName: 'database-test',
    makeClient: makeRawPrismaClient,
    logger: silent,
  });
  await database.pool.query('CREATE TABLE things (id text PRIMARY KEY, version bigint NOT NULL)');
  const clock = fakeClock();
  const wallClock = fakeWallClock();
  const newId = makeNewId(() => wallClock.nowMs());
  const committed: (readonly StoredMessage[] | null)[] = [];
  const unitOfWork = makeUnitOfWork<OutgoingMessageLike>({
    database,
    service: 'catalog',
    toOutgoing: (message) => message,
    newId,
    clock,
    wallClock,
    onCommitted: (stored) => {
      committed.push(stored);
      return false;
    },
  });
  const rows = async <Row extends object>(sql: string): Promise<readonly Row[]> => {
    const found = await database.pool.query<Row>(sql);
    return found.rows;
  };
  return {
    url,
    database,
    unitOfWork,
    inbox: makeInboxStore({ pool: database.pool, wallClock }),
    clock,
    wallClock,
    newId,
    committed,
    rows,
    close: async () => {
      await database.close();
      await testDatabase.drop();
    },
  };
};

export type Fixture = Awaited<ReturnType<typeof makeFixture>>;

export const operation = (overrides: Partial<Operation> = {}): Operation => ({
  id: 'req_1',
  actor: { kind: 'operator', id: 'olga' },
  correlationId: null,
  requestId: 'req_1',
  sourceIp: '192.0.2.7',
  traceparent: null,
  enlisted: [],
  ...overrides,
});

export const inOperation = <T>(work: () => Promise<T>, overrides: Partial<Operation> = {}): Promise<T> =>
  runInOperation(operation(overrides), work);

export const message = (id: string, subject = 'thing_1'): OutgoingMessageLike => ({
  definition: { type: 'thing.changed.v1' },
  id,
  subject,
  version: 1,
  data: { name: 'Ünïcode' },
});

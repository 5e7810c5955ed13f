import { makeRelay, type Relay } from '@quittance/bus';
import { Envelope } from '@quittance/contracts';
import {
  type DatabaseDeadLetterStore,
  type DatabaseInboxStore,
  type DatabaseUnitOfWork,
  makeDeadLetterStore,
  makeInboxStore,
  makeOutboxStore,
  makeRowWaiter,
  makeUnitOfWork,
  openDatabase,
  type PrismaClientLike,
} from '@quittance/database';
import { makeNewId } from '@quittance/kernel';
import { makeMetrics } from '@quittance/runtime';

import { type BaseConfig, type Kit, type ServiceSpec } from './kit.ts';

/** What lies between a service's own parts and its database and bus. */
export interface Plumbing<Client, Message, Config> {
  readonly kit: Kit<Client, Message, Config>;
  readonly unitOfWork: DatabaseUnitOfWork<Message>;
  readonly relay: Relay;
  readonly inbox: DatabaseInboxStore;
  readonly deadLetters: DatabaseDeadLetterStore;
  /** How many commits were begun. */
  readonly commits: () => number;
}

export const makePlumbing = <Client extends PrismaClientLike, Message, Config extends BaseConfig>(
  spec: ServiceSpec<Client, Message, Config>,
): Plumbing<Client, Message, Config> => {
  const { name, deps } = spec;
  const { config, clock, wallClock, transport } = deps;
  const logger = deps.logger.child({ service: name });
  const metrics = makeMetrics(name);
  const newId = makeNewId(wallClock.nowMs);
  const url = config.DATABASE_URL;
  const applicationName = `quittance-${name}`;
  const database = openDatabase<Client>({
    url,
    poolMax: config.DATABASE_POOL_MAX,
    applicationName,
    makeClient: spec.makeClient,
    logger,
  });
  const { client, pool } = database;
  const outbox = makeOutboxStore({ url, applicationName, parseEnvelope: Envelope.parse, wallClock, logger });
  const relay = makeRelay({ service: name, outbox, transport, logger, metrics });
  let commits = 0;
  const committing = makeUnitOfWork<Message>({
    database,
    service: name,
    toOutgoing: spec.toOutgoing,
    newId,
    clock,
    wallClock,
    onCommitted: (stored) =>
      relay.handOver(
        stored?.map(({ position, envelope }) => ({ position, envelope: { ...envelope, source: name } })) ?? null,
      ),
  });
  const counting =
    <Change>(commit: (change: Change) => Promise<void>) =>
    (change: Change): Promise<void> => {
      commits += 1;
      return commit(change);
    };
  const unitOfWork: DatabaseUnitOfWork<Message> = {
    commit: counting(committing.commit),
    commitAll: counting(committing.commitAll),
    republish: counting(committing.republish),
  };
  const rowWaiter = makeRowWaiter({ url, pool, applicationName, logger });
  return {
    kit: { config, client, database, unitOfWork, rowWaiter, clock, wallClock, newId, logger, metrics },
    unitOfWork,
    relay,
    inbox: makeInboxStore({ pool, wallClock }),
    deadLetters: makeDeadLetterStore({ pool, newId, wallClock }),
    commits: () => commits,
  };
};

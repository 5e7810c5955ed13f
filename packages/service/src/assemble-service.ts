import { bearerIdentity, makeInternalVerifier } from '@quittance/auth';
import { makeConsumer, makeRelay } from '@quittance/bus';
import { Envelope } from '@quittance/contracts';
import {
  makeDeadLetterStore,
  makeIdempotencyStore,
  makeInboxStore,
  makeOutboxStore,
  makeRowWaiter,
  makeUnitOfWork,
  openDatabase,
  type PrismaClientLike,
} from '@quittance/database';
import { listen, type Listening, makeApp } from '@quittance/http';
import { makeNewId } from '@quittance/kernel';
import { makeHealth, makeLifecycle, makeMetrics } from '@quittance/runtime';

import { makeHousekeeping } from './housekeeping.ts';
import { type BaseConfig, type Kit, type RunningService, type ServiceSpec } from './kit.ts';
import { operationsRoutes } from './operations-routes.ts';
import { republishAll } from './republish-all.ts';

const PREFETCH_DEFAULT = 10;

/**
 * One service from its parts. Starts in the order database, preparation, relay, consumer, jobs, door; stops in
 * reverse, so that nothing comes in while what was begun is being finished.
 */
export const assembleService = <Client extends PrismaClientLike, Message, Config extends BaseConfig>(
  spec: ServiceSpec<Client, Message, Config>,
): RunningService => {
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
  const { pool } = database;
  const inbox = makeInboxStore({ pool, wallClock });
  const deadLetters = makeDeadLetterStore({ pool, newId, wallClock });
  const outbox = makeOutboxStore({ url, applicationName, parseEnvelope: Envelope.parse, wallClock, logger });
  const relay = makeRelay({ service: name, outbox, transport, logger, metrics });
  const unitOfWork = makeUnitOfWork<Message>({
    database,
    service: name,
    toOutgoing: spec.toOutgoing,
    newId,
    clock,
    wallClock,
    onCommitted: relay.wake,
  });
  const rowWaiter = makeRowWaiter({ url, pool, applicationName, logger });
  const kit: Kit<Client, Message, Config> = {
    config,
    client: database.client,
    database,
    unitOfWork,
    rowWaiter,
    clock,
    wallClock,
    newId,
    logger,
    metrics,
  };
  const parts = spec.build(kit);
  const consumer = makeConsumer({
    service: name,
    transport,
    inbox,
    deadLetters,
    bindings: parts.bindings,
    concurrency: parts.prefetch ?? PREFETCH_DEFAULT,
    logger,
    metrics,
  });
  const internal = makeInternalVerifier(config.INTERNAL_TOKEN_PUBLIC_KEY, { service: name, wallClock });
  const health = makeHealth();
  health.add('database', () => database.ping().then(() => null));
  health.add('bus', () => transport.ping().then(() => null));
  const operations = operationsRoutes({ name, parts, transport, deadLetters, unitOfWork });
  const app = makeApp({
    service: name,
    mode: config.QUITTANCE_MODE,
    routes: [...operations, ...parts.routes],
    identity: bearerIdentity(internal.verify),
    ...parts.door,
    errors: parts.errors,
    idempotency: makeIdempotencyStore({ pool, wallClock }),
    logger,
    metrics,
    health,
    wallClock,
  });
  const jobs = [...parts.jobs, makeHousekeeping({ name, pool, wallClock, logger })];
  const lifecycle = makeLifecycle(logger);
  let door: Listening | null = null;
  lifecycle.add({ name: 'database', start: database.warm, stop: database.close });
  lifecycle.add({ name: 'row waiter', start: async () => rowWaiter.start(), stop: rowWaiter.stop });
  lifecycle.add({ name: 'preparation', start: async () => parts.prepare?.() });
  lifecycle.add({ name: 'relay', start: async () => relay.start(), stop: relay.stop });
  lifecycle.add({ name: 'consumer', start: consumer.start, stop: consumer.stop });
  for (const job of jobs) lifecycle.add({ name: 'job', start: async () => job.start(), stop: job.stop });
  lifecycle.add({
    name: 'door',
    start: async () => {
      door = await listen(app, { host: config.HOST, port: config.PORT });
    },
    stop: async () => door?.close(),
  });
  return {
    name,
    port: () => door?.port ?? 0,
    start: lifecycle.start,
    stop: lifecycle.stop,
    idle: () => relay.idle() && consumer.inFlight() === 0 && jobs.every((job) => !job.busy()),
    republish: (since) => republishAll({ name, unitOfWork, messages: parts.republish(since) }),
  };
};

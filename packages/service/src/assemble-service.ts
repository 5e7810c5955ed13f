import { bearerIdentity, makeInternalVerifier } from '@quittance/auth';
import { makeConsumer } from '@quittance/bus';
import { messagesConsumedBy, type ServiceName } from '@quittance/contracts';
import { makeIdempotencyStore, type PrismaClientLike } from '@quittance/database';
import { listen, type Listening, makeApp } from '@quittance/http';
import { assert } from '@quittance/kernel';
import { makeHealth, makeLifecycle } from '@quittance/runtime';

import { makeHousekeeping } from './housekeeping.ts';
import { type BaseConfig, type Parts, type RunningService, type ServiceSpec } from './kit.ts';
import { makePlumbing, type Plumbing } from './make-plumbing.ts';
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
  const plumbing = makePlumbing(spec);
  const { kit, relay, unitOfWork } = plumbing;
  const { config, database, wallClock, logger, metrics } = kit;
  const parts = spec.build(kit);
  assertEverythingBound(name, parts);
  const consumer = makeConsumer({
    service: name,
    transport: deps.transport,
    inbox: plumbing.inbox,
    deadLetters: plumbing.deadLetters,
    bindings: parts.bindings,
    concurrency: parts.prefetch ?? PREFETCH_DEFAULT,
    logger,
    metrics,
  });
  const app = makeServiceApp(spec, plumbing, parts);
  const jobs = [...parts.jobs, makeHousekeeping({ name, pool: database.pool, wallClock, logger, config })];
  const lifecycle = makeLifecycle(logger);
  let door: Listening | null = null;
  lifecycle.add({ name: 'database', start: database.warm, stop: database.close });
  lifecycle.add({ name: 'row waiter', start: async () => kit.rowWaiter.start(), stop: kit.rowWaiter.stop });
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
    unfinished: () => parts.unfinished?.() ?? Promise.resolve(0),
    nextDueAt: () => parts.nextDueAt?.() ?? Promise.resolve(null),
    activity: () => plumbing.commits(),
    // What is due in business time; housekeeping goes by the machine's clock.
    wake: () => parts.jobs.forEach((job) => job.wake()),
    republish: (since) => republishAll({ name, unitOfWork, messages: parts.republish(since) }),
    close: database.close,
  };
};

const makeServiceApp = <Client, Message, Config extends BaseConfig>(
  { name, deps }: Pick<ServiceSpec<PrismaClientLike, Message, Config>, 'name' | 'deps'>,
  { kit, unitOfWork, deadLetters }: Plumbing<Client, Message, Config>,
  parts: Parts<Message>,
) => {
  const { config, database, wallClock, logger, metrics } = kit;
  const { transport } = deps;
  const internal = makeInternalVerifier(config.INTERNAL_TOKEN_PUBLIC_KEY, { service: name, wallClock });
  const health = makeHealth();
  health.add('database', () => database.ping().then(() => null));
  health.add('bus', () => transport.ping().then(() => null));
  // The door has no inside routes at all: mounted, a 401 would tell them from paths that do not exist.
  const inside = parts.door === undefined ? operationsRoutes({ name, parts, transport, deadLetters, unitOfWork }) : [];
  return makeApp({
    service: name,
    mode: config.QUITTANCE_MODE,
    routes: [...inside, ...parts.routes],
    identity: bearerIdentity(internal.verify),
    ...parts.door,
    errors: parts.errors,
    idempotency: makeIdempotencyStore({ pool: database.pool, wallClock }),
    logger,
    metrics,
    health,
    wallClock,
  });
};

/** A message that contracts route to a service which does not bind it would die there, one by one. */
const assertEverythingBound = <Message>(name: ServiceName, { bindings }: Parts<Message>): void => {
  const bound = new Set(bindings.map(({ definition }) => definition.type));
  const unbound = messagesConsumedBy(name).filter(({ type }) => !bound.has(type));
  assert(unbound.length === 0, `${name} does not bind ${unbound.map(({ type }) => type).join(', ')}`);
};

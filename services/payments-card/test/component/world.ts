import { makeInternalIssuer, makeInternalKeyPair } from '@quittance/auth';
import { makePostgresTransport, type Transport } from '@quittance/bus';
import { Envelope, type ServiceName } from '@quittance/contracts';
import { type Database, openDatabase } from '@quittance/database';
import { isAccountId, makeNewId, type NewId, Secret } from '@quittance/kernel';
import { loadConfig, makeLogger, systemWallClock } from '@quittance/runtime';
import { buildSandbox, type RunningSandbox, type StripeBooks } from '@quittance/sandbox';
import { type RunningService } from '@quittance/service';
import { type FakeClock, fakeClock, makeTestDatabase, waitFor } from '@quittance/testkit';
import { z } from 'zod';

import { PrismaClient } from '../../src/persistence/generated/client.ts';
import { buildService, paymentsCardConfig } from '../../src/service.ts';

export const STRIPE_KEY = 'sk_test_component';
export const WEBHOOK_SECRET = 'whsec_component';

/** What other services heard. */
export interface Heard {
  readonly service: ServiceName;
  readonly envelope: Envelope;
}

export interface World {
  readonly sandbox: RunningSandbox;
  readonly services: readonly RunningService[];
  readonly bus: Transport;
  readonly heard: readonly Heard[];
  readonly database: Database<PrismaClient>;
  readonly clock: FakeClock;
  readonly newId: NewId;
  /** Asks the sandbox for something the real Stripe would not do on request. */
  control(path: string, body: object): Promise<void>;
  books(): Promise<StripeBooks>;
  get(path: string, replica?: number): Promise<Response>;
  /** A token of the account's owner. */
  customer(account: string): Promise<string>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly replicas?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const SILENT = makeLogger({ service: 'test', level: 'silent' });
/** The sandbox says in its own types what its books hold. */
const Books = z.custom<StripeBooks>();

const LISTENERS = ['invoicing', 'subscription', 'audit'] as const;

/** The service with real PostgreSQL, the PostgreSQL transport and the sandbox's Stripe; others only listen. */
export const startWorld = async (options: WorldOptions = {}): Promise<World> => {
  const clock = fakeClock(new Date());
  const [own, busDatabase, outside] = await Promise.all([
    makeTestDatabase({ service: 'payments-card' }),
    makeTestDatabase({ empty: true }),
    makeTestDatabase({ empty: true }),
  ]);
  const sandbox = await buildSandbox({
    databaseUrl: outside.ownerUrl,
    webhookUrl: null,
    webhookSecret: WEBHOOK_SECRET,
    stripeSecretKey: STRIPE_KEY,
    superAdminSecret: 'unused',
    console: { redirectUris: ['http://127.0.0.1/callback'], origins: ['http://127.0.0.1'] },
    clock,
    mode: 'sandbox',
  });
  const keys = await makeInternalKeyPair();
  const env = {
    QUITTANCE_MODE: 'sandbox',
    DATABASE_URL: own.serviceUrl,
    BUS_DATABASE_URL: busDatabase.ownerUrl,
    RETRY_TIERS_MS: '50,100,200,300',
    INTERNAL_TOKEN_PUBLIC_KEY: Buffer.from(JSON.stringify(keys.publicJwk)).toString('base64url'),
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: sandbox.url,
    DENIAL_WINDOW_MS: '200',
    SWEEP_INTERVAL_MS: '3600000',
    ...options.env,
  };
  const makeBus = (): Transport =>
    makePostgresTransport({
      url: new Secret(busDatabase.ownerUrl),
      retryTiersMs: [50, 100, 200, 300],
      logger: SILENT,
    });
  const bus = makeBus();
  await bus.start();
  await bus.declare();
  const heard: Heard[] = [];
  const subscriptions = await Promise.all(
    LISTENERS.map((service) =>
      bus.consume(service, { prefetch: 10 }, async (delivery) => {
        heard.push({ service, envelope: Envelope.parse(JSON.parse(delivery.body.toString('utf8'))) });
        return { outcome: 'acknowledge' };
      }),
    ),
  );
  const replicas = await Promise.all(
    Array.from({ length: options.replicas ?? 1 }, async () => {
      const transport = makeBus();
      await transport.start();
      const config = loadConfig(paymentsCardConfig, env);
      const service = buildService({ config, clock, wallClock: systemWallClock, transport, logger: SILENT });
      await service.start();
      return { transport, service };
    }),
  );
  const services = replicas.map(({ service }) => service);
  const database = openDatabase({
    url: new Secret(own.ownerUrl),
    poolMax: 2,
    applicationName: 'component-test',
    makeClient: (adapter) => new PrismaClient({ adapter }),
    logger: SILENT,
  });
  const issuer = makeInternalIssuer(keys.privateJwk);
  const operator = await issuer.issue({
    kind: 'operator',
    subject: 'op-1',
    accountId: null,
    permissions: new Set(['billing.read']),
  });
  const control = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${sandbox.url}/_sandbox/stripe/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the sandbox refused ${path}: ${await response.text()}`);
  };
  await control('webhooks', { urls: services.map((service) => `http://127.0.0.1:${service.port()}/webhooks/stripe`) });
  return {
    sandbox,
    services,
    bus,
    heard,
    database,
    clock,
    newId: makeNewId(() => systemWallClock.nowMs()),
    control,
    books: async () => Books.parse(await (await fetch(`${sandbox.url}/_sandbox/stripe/books`)).json()),
    customer: (account) =>
      issuer.issue({
        kind: 'customer',
        subject: `usr_${account}`,
        accountId: isAccountId(account) ? account : null,
        permissions: new Set(['own.read', 'own.write']),
      }),
    get: (path, replica = 0) =>
      fetch(`http://127.0.0.1:${services[replica]?.port() ?? 0}${path}`, {
        headers: { authorization: `Bearer ${operator}` },
      }),
    stop: async () => {
      await sandbox.stop();
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all(replicas.map(({ transport }) => transport.stop()));
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      await bus.stop();
      await database.close();
      await Promise.all([own.drop(), busDatabase.drop(), outside.drop()]);
    },
  };
};

/** Waits until nothing is on its way, so that "nothing else happened" can be said. Sweeps are an hour away. */
export const quiet = (world: World): Promise<true> =>
  waitFor(
    async () => {
      const backlog = await world.bus.backlog();
      const soon = new Date(systemWallClock.nowMs() + 60_000);
      const { pool, client } = world.database;
      const unsent = await pool.query('SELECT 1 FROM platform.outbox WHERE sent_at IS NULL');
      const events = await client.providerEvent.count({ where: { state: 'received' } });
      const orders = await client.order.count({ where: { dueAt: { lt: soon } } });
      const waiting = backlog.ready + backlog.delayed + backlog.inFlight + (unsent.rowCount ?? 0) + events + orders;
      if (waiting > 0) throw new Error(JSON.stringify({ ...backlog, unsent: unsent.rowCount, events, orders }));
      return true as const;
    },
    { what: 'the service to have nothing left to do', deadlineMs: 10_000 },
  );

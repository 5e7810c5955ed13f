import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type Clock, must, Secret, toError, type WallClock } from '@quittance/kernel';
import { makeShiftableClocks, type ShiftableClocks } from '@quittance/runtime';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';

import { makeAuthGate } from './authgate/authgate.ts';
import { openSandboxClock, providerWork, type SandboxClock } from './clock/make-clock.ts';
import { makeControlRouter } from './control-router.ts';
import { openSandboxDatabase, type SandboxDatabase } from './database.ts';
import { makeHostedRouter } from './hosted/hosted-router.ts';
import { makePortalRouter } from './hosted/portal-router.ts';
import { type SandboxLogger, silentLogger } from './logger.ts';
import { makeFaults } from './stripe/faults.ts';
import { expireDueSessions } from './stripe/session-expiry.ts';
import { makeStripeRouter } from './stripe/stripe-router.ts';
import { callIn, type StripeWorld } from './stripe/stripe-world.ts';
import { makeWebhooks, type Webhooks } from './stripe/webhooks.ts';

const EXPIRY_EVERY_MS = 1_000;
const STOP_WITHIN_MS = 3_000;

/** The events the platform asked its provider for. */
export const DEFAULT_ENABLED_EVENTS: readonly string[] = [
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'charge.refunded',
  'charge.dispute.*',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'invoice.payment_succeeded',
  'invoice.payment_failed',
];

export interface SandboxOptions {
  /** A PostgreSQL database of the sandbox's own, already created; tables are made when missing. */
  readonly databaseUrl: string;
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** How browsers and services reach it. Default: `http://<host>:<port>`. */
  readonly publicUrl?: string | null;
  /** Where Stripe's webhooks go, e.g. `http://127.0.0.1:8080/webhooks/stripe`. Null: they wait until one is set. */
  readonly webhookUrl: string | null;
  readonly webhookSecret: string;
  readonly stripeSecretKey: string;
  /** Secret of the SuperAdmin list. */
  readonly superAdminSecret: string;
  readonly console: {
    readonly clientId?: string;
    readonly redirectUris: readonly string[];
    readonly postLogoutRedirectUris?: readonly string[] | undefined;
    readonly origins: readonly string[];
  };
  readonly audience?: string;
  readonly accessTokenTtlS?: number;
  readonly enabledEvents?: readonly string[] | undefined;
  /** Business time of `created` and `expires_at`; webhooks, tokens and idempotency keys live in wall time. */
  readonly clock?: Clock;
  readonly wallClock?: WallClock;
  readonly logger?: SandboxLogger;
  /** The sandbox refuses to exist in `production`. */
  readonly mode?: string | undefined;
}

export interface RunningSandbox {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Plays AuthGate, SuperAdmin and Stripe on one port. Throws when the mode is production or the database is out of reach. */
export const buildSandbox = async (options: SandboxOptions): Promise<RunningSandbox> => {
  if ((options.mode ?? process.env['QUITTANCE_MODE']) === 'production') {
    throw new Error(
      'The sandbox plays the outside world and refuses to start in production mode: set QUITTANCE_MODE=sandbox.',
    );
  }
  const logger = options.logger ?? silentLogger;
  const database = await openSandboxDatabase(options.databaseUrl, (error) =>
    logger.warn({ error }, 'sandbox database connection lost'),
  );
  const server = createServer();
  try {
    return await run(options, { logger, database, server });
  } catch (error) {
    server.close();
    await database.close();
    throw error;
  }
};

interface Base {
  readonly logger: SandboxLogger;
  readonly database: SandboxDatabase;
  readonly server: Server;
}

const run = async (options: SandboxOptions, base: Base): Promise<RunningSandbox> => {
  const { logger, database, server } = base;
  const host = options.host ?? '127.0.0.1';
  // The issuer names the port, so the port comes first; who calls before the app stands waits for it.
  const standing = Promise.withResolvers<Express>();
  server.on('request', (req, res) => {
    void answerWith(standing.promise, req, res);
  });
  const port = await listen(server, host, options.port ?? 0);
  const url = (options.publicUrl ?? `http://${host}:${port}`).replace(/\/$/, '');
  const clocks = makeShiftableClocks(options.clock, options.wallClock);
  const clock = await openSandboxClock(database, clocks.clock);
  const world: StripeWorld = {
    database,
    logger,
    clock,
    wallClock: clocks.wallClock,
    publicUrl: () => url,
    secretKey: new Secret(options.stripeSecretKey),
    enabledEvents: options.enabledEvents ?? DEFAULT_ENABLED_EVENTS,
  };
  const webhooks = makeWebhooks(world, { url: options.webhookUrl, secret: new Secret(options.webhookSecret) });
  standing.resolve(await assemble(options, { world, webhooks, url, clocks, clock }));
  await webhooks.start();
  const expiry = startExpiry(world, webhooks);
  logger.info({ url }, 'sandbox is up: AuthGate, SuperAdmin, Stripe');
  return {
    url,
    port,
    stop: async () => {
      await expiry.stop();
      await webhooks.stop();
      await close(server);
      await database.close();
    },
  };
};

const assemble = async (
  options: SandboxOptions,
  parts: {
    readonly world: StripeWorld;
    readonly webhooks: Webhooks;
    readonly url: string;
    readonly clocks: ShiftableClocks;
    readonly clock: SandboxClock;
  },
): Promise<Express> => {
  const { world, webhooks, url, clocks, clock } = parts;
  const { database, logger } = world;
  const faults = makeFaults(database);
  const authGate = await makeAuthGate(
    {
      issuer: `${url}/authgate`,
      audience: options.audience ?? 'https://quittance.local',
      consoleClientId: options.console.clientId ?? 'quittance-console',
      redirectUris: options.console.redirectUris,
      postLogoutRedirectUris:
        options.console.postLogoutRedirectUris ?? options.console.origins.map((origin) => `${origin}/`),
      origins: options.console.origins,
      accessTokenTtlS: options.accessTokenTtlS ?? 3600,
      superAdminSecret: new Secret(options.superAdminSecret),
    },
    database,
  );
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'extended');
  app.get('/live', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.use(makeControlRouter({ world, authGate, faults, webhooks, clocks }));
  app.use(clock.routerFor(providerWork(world, webhooks)));
  app.use(authGate.router);
  app.use(makeHostedRouter(world, webhooks));
  app.use(makePortalRouter(world, webhooks));
  app.use(makeStripeRouter(world, faults, () => webhooks.wake()));
  app.use((_req: Request, res: Response) => {
    res.status(404).type('text').send('The sandbox has nothing here; its README lists what it plays.\n');
  });
  // Express knows an error handler by its four parameters.
  // oxlint-disable-next-line max-params
  app.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    if (error instanceof z.ZodError) return void res.status(400).json({ error: z.prettifyError(error) });
    logger.error({ error, path: req.path }, 'the sandbox broke');
    return void res.status(500).json({ error: toError(error).message });
  });
  return app;
};

/** Stripe expires sessions by itself; reads also do, so nobody sees an open session past its time. */
const startExpiry = (world: StripeWorld, webhooks: Webhooks): { stop: () => Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  const tick = async (): Promise<void> => {
    const expired = await world.database.transaction((tx) => expireDueSessions(callIn(world, tx)));
    if (expired > 0) webhooks.wake();
  };
  const timer = setInterval(() => {
    running = running
      .then(tick)
      .catch((error: unknown) => world.logger.warn({ error }, 'sessions could not be expired'));
  }, EXPIRY_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
};

const answerWith = async (app: Promise<Express>, req: IncomingMessage, res: ServerResponse): Promise<void> => {
  (await app)(req, res);
};

const listen = async (server: Server, host: string, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return addressOf(server).port;
};

const addressOf = (server: Server): AddressInfo => {
  const address = server.address();
  return must(typeof address === 'string' ? null : address, 'the address of the sandbox server');
};

const close = async (server: Server): Promise<void> => {
  const force = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(force);
};

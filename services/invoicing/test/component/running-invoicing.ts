import { makeInternalIssuer, makeInternalKeyPair } from '@quittance/auth';
import { makePostgresTransport, type Transport } from '@quittance/bus';
import { Envelope } from '@quittance/contracts';
import { type AccountId, must, type Permission, type Principal, Secret } from '@quittance/kernel';
import { makeLogger, systemWallClock } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { type FakeClock, fakeClock, makeTestDatabase, waitFor } from '@quittance/testkit';
import pg from 'pg';
import { z } from 'zod';

import { buildService, invoicingConfig } from '../../src/service.ts';
import { anOpenInvoice, definitions, envelopeOf } from '../builders/messages.ts';

const RETRY_TIERS_MS = [20, 50, 100, 200];

const Row = z.record(z.string(), z.unknown());

/** The first commit of a message whose id ends in `-flaky` fails as it does when the server has no room. */
export const FAIL_FIRST_COMMIT = `
  CREATE SEQUENCE test_commits;
  CREATE FUNCTION test_fail_first_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    IF NEW.message_id LIKE '%-flaky' AND nextval('public.test_commits') % 2 = 1 THEN
      RAISE EXCEPTION 'out of something' USING ERRCODE = '53000';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER test_fail_first_commit BEFORE INSERT ON platform.inbox
    FOR EACH ROW EXECUTE FUNCTION test_fail_first_commit()`;

export interface RunningInvoicing {
  readonly clock: FakeClock;
  readonly service: RunningService;
  /** Another replica of the same service on the same database and bus, already started. */
  startReplica(): Promise<void>;
  /** Superuser's view of the service's database. */
  rows(sql: string, ...values: unknown[]): Promise<readonly Record<string, unknown>[]>;
  asOwner(sql: string): Promise<void>;
  asService(sql: string): Promise<void>;
  publish(envelopes: readonly Envelope[]): Promise<void>;
  /** Publishes and waits until each is handled or dead. */
  deliver(envelopes: readonly Envelope[]): Promise<void>;
  settled(messageId: string): Promise<'handled' | 'dead' | null>;
  /** What was sent about a subject, oldest first; audit records by the subject they are about. */
  sent(subject: string): Promise<readonly Envelope[]>;
  /** Opens an invoice and gives back its order as the rail would know it. */
  openInvoice(overrides?: Parameters<typeof anOpenInvoice>[0]): Promise<OpenedInvoice>;
  /** Many at once, all alike. */
  openInvoices(count: number, overrides?: Parameters<typeof anOpenInvoice>[0]): Promise<readonly OpenedInvoice[]>;
  get(path: string, principal: Principal): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  post(path: string, principal: Principal, body: unknown): ReturnType<RunningInvoicing['get']>;
  stop(): Promise<void>;
}

export interface OpenedInvoice {
  readonly request: ReturnType<typeof anOpenInvoice>;
  readonly order: ReturnType<typeof orderFacts>;
}

/** One replica of invoicing with a database and a bus of its own. */
export const startInvoicing = async (): Promise<RunningInvoicing> => {
  const [database, bus, keys] = await Promise.all([
    makeTestDatabase({ service: 'invoicing' }),
    makeTestDatabase({ empty: true }),
    makeInternalKeyPair(),
  ]);
  const logger = makeLogger({ service: 'invoicing', level: 'silent' });
  const makeBus = (): Transport =>
    makePostgresTransport({ url: new Secret(bus.ownerUrl), retryTiersMs: RETRY_TIERS_MS, logger });
  const config = invoicingConfig.parse({
    QUITTANCE_MODE: 'sandbox',
    DATABASE_URL: database.serviceUrl,
    BUS_DATABASE_URL: bus.ownerUrl,
    INTERNAL_TOKEN_PUBLIC_KEY: Buffer.from(JSON.stringify(keys.publicJwk)).toString('base64url'),
  });
  const clock = fakeClock();
  const running: { transport: Transport; service: RunningService }[] = [];
  const start = async () => {
    const transport = makeBus();
    await transport.start();
    await transport.declare();
    const service = buildService({ config, clock, wallClock: systemWallClock, transport, logger });
    await service.start();
    running.push({ transport, service });
    return { transport, service };
  };
  const { transport, service } = await start();
  const [owner, restricted, busOwner] = await Promise.all([
    connect(database.ownerUrl),
    connect(database.serviceUrl),
    connect(bus.ownerUrl),
  ]);
  const issuer = makeInternalIssuer(keys.privateJwk);

  const rows: RunningInvoicing['rows'] = async (sql, ...values) => {
    const { rows: found } = await owner.query(sql, values);
    return z.array(Row).parse(found);
  };
  const publish: RunningInvoicing['publish'] = async (envelopes) => {
    const results = await transport.publish(envelopes);
    for (const result of results) if (result !== 'confirmed') throw result;
  };
  const settled: RunningInvoicing['settled'] = async (messageId) => {
    const [found] = await rows(
      `SELECT (SELECT 'handled' FROM platform.inbox WHERE message_id = $1) AS handled,
        (SELECT 'dead' FROM platform.dead_letters WHERE message_id = $1) AS dead`,
      messageId,
    );
    if (found?.['handled'] === 'handled') return 'handled';
    return found?.['dead'] === 'dead' ? 'dead' : null;
  };
  const deliver: RunningInvoicing['deliver'] = async (envelopes) => {
    await publish(envelopes);
    for (const { id, type } of envelopes)
      await waitFor(() => settled(id), { what: `${type} ${id} to be handled`, deadlineMs: 15_000 });
  };
  const openInvoices: RunningInvoicing['openInvoices'] = async (count, overrides) => {
    const requests = Array.from({ length: count }, () => anOpenInvoice(overrides));
    await deliver(requests.map((request) => envelopeOf(definitions.OpenInvoice, request)));
    const found = await rows(
      `SELECT o.id AS order_id, o.invoice_id, o.amount_minor::int AS amount, o.currency, i.checkout_id
        FROM collection_orders o JOIN invoices i ON i.id = o.invoice_id WHERE i.checkout_id = ANY($1)`,
      requests.map(({ checkoutId }) => checkoutId),
    );
    return requests.map((request) => {
      const row = found.find((one) => one['checkout_id'] === request.checkoutId);
      return { request, order: orderFacts(request, must(row, 'the order')) };
    });
  };
  const sent: RunningInvoicing['sent'] = async (subject) => {
    const found = await rows('SELECT envelope FROM platform.outbox WHERE subject = $1 ORDER BY position', subject);
    return found.map((row) => Envelope.parse(row['envelope']));
  };
  const call = async (path: string, principal: Principal, init: { method?: string; body?: string } = {}) => {
    const headers = { authorization: `Bearer ${await issuer.issue(principal)}`, 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${service.port()}${path}`, { ...init, headers });
    return { status: response.status, body: Row.parse(await response.json()) };
  };
  return {
    clock,
    service,
    rows,
    publish,
    deliver,
    settled,
    sent,
    startReplica: async () => {
      await start();
    },
    asOwner: async (sql) => {
      await owner.query(sql);
    },
    asService: async (sql) => {
      await restricted.query(sql);
    },
    openInvoice: async (overrides) => must((await openInvoices(1, overrides))[0], 'the invoice'),
    openInvoices,
    get: (path, principal) => call(path, principal),
    post: (path, principal, body) => call(path, principal, { method: 'POST', body: JSON.stringify(body) }),
    stop: async () => {
      for (const one of running) {
        await one.service.stop();
        await one.transport.stop();
      }
      await restricted.end();
      await Promise.all([endAsLast(owner), endAsLast(busOwner)]);
      await Promise.all([database.drop(), bus.drop()]);
    },
  };
};

const connect = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
};

/** A pool's `end` does not wait for its sockets; dropping the database under one would be an error nobody catches. */
const endAsLast = async (client: pg.Client): Promise<void> => {
  const others = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await waitFor(async () => (await client.query(others)).rowCount === 0, { what: 'every connection to be closed' });
  await client.end();
};

const orderFacts = (request: ReturnType<typeof anOpenInvoice>, row: Record<string, unknown>) =>
  definitions.OrderExpired.data.parse({
    orderId: row['order_id'],
    invoiceId: row['invoice_id'],
    checkoutId: request.checkoutId,
    accountId: request.accountId,
    rail: 'card',
    provider: 'stripe',
    amount: { amount: row['amount'], currency: row['currency'] },
  });

export const customerOf = (accountId: AccountId): Principal => ({
  kind: 'customer',
  subject: `user-of-${accountId}`,
  accountId,
  permissions: new Set<Permission>(['own.read', 'own.write']),
});

export const operator: Principal = {
  kind: 'operator',
  subject: 'finance-1',
  accountId: null,
  permissions: new Set<Permission>(['billing.read']),
};

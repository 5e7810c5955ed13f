import { randomUUID } from 'node:crypto';

import { makeInternalIssuer, makeInternalKeyPair } from '@quittance/auth';
import { makePostgresTransport, type Transport } from '@quittance/bus';
import { Envelope, type MessageDefinition, type ServiceName } from '@quittance/contracts';
import { type Permission, type Principal, Secret, isAccountId } from '@quittance/kernel';
import { type Logger, makeLogger, systemWallClock } from '@quittance/runtime';
import pg from 'pg';

import { atEnd } from './at-end.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { makeTestDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';

/** What one service stands on in a component test: its own database, a real bus, and everybody else played by the test. */
export interface ServiceGround {
  /** The variables every service has; add its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: FakeClock;
  readonly wallClock: typeof systemWallClock;
  readonly transport: Transport;
  readonly logger: Logger;
  /** The superuser's pool, for arranging and looking. */
  readonly owner: pg.Pool;
  /** An internal token as the gateway would sign it. */
  tokenFor(who: {
    readonly account?: string;
    readonly permissions: readonly Permission[];
    readonly kind?: Principal['kind'];
  }): Promise<string>;
  /** Publishes a message as its producer would; answers its id. */
  send<Data extends Record<string, unknown>>(
    definition: MessageDefinition<Data>,
    message: {
      readonly id?: string;
      readonly subject?: string;
      readonly version?: number;
      readonly correlationId?: string;
      readonly data: Data;
    },
  ): Promise<string>;
  /** Everything the service has put into its outbox, oldest first. */
  sent(type?: string): Promise<readonly Envelope[]>;
  /** Audit actions among it. */
  audited(): Promise<readonly string[]>;
  /** Waits until the service has handled this message for good. */
  handled(messageId: string): Promise<void>;
  end(): Promise<void>;
}

/** Tiers short enough for a test to see a message die. */
const RETRY_TIERS = [50, 100, 150, 200];

export const makeServiceGround = async (service: ServiceName): Promise<ServiceGround> => {
  const logger = makeLogger({ service, level: 'silent' });
  const [database, busDatabase, keys] = await Promise.all([
    makeTestDatabase({ service }),
    makeTestDatabase({ empty: true }),
    makeInternalKeyPair(),
  ]);
  const transport = makePostgresTransport({ url: new Secret(busDatabase.ownerUrl), retryTiersMs: RETRY_TIERS, logger });
  await transport.start();
  await transport.declare();
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 3 });
  owner.on('error', () => undefined);
  const issuer = makeInternalIssuer(keys.privateJwk);
  const end = async (): Promise<void> => {
    await transport.stop();
    await owner.end();
    await Promise.all([database.drop(), busDatabase.drop()]);
  };
  atEnd(() => (owner.ended ? Promise.resolve() : end()));
  const sent = async (type?: string): Promise<readonly Envelope[]> => {
    const { rows } = await owner.query('SELECT envelope FROM platform.outbox ORDER BY position');
    const envelopes = rows.map((row: { readonly envelope: unknown }) => Envelope.parse(row.envelope));
    return type === undefined ? envelopes : envelopes.filter((envelope) => envelope.type === type);
  };
  return {
    env: {
      QUITTANCE_MODE: 'sandbox',
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.serviceUrl,
      BUS_DATABASE_URL: busDatabase.ownerUrl,
      RETRY_TIERS_MS: RETRY_TIERS.join(),
      INTERNAL_TOKEN_PUBLIC_KEY: Buffer.from(JSON.stringify(keys.publicJwk)).toString('base64url'),
    },
    clock: fakeClock(),
    wallClock: systemWallClock,
    transport,
    logger,
    owner,
    tokenFor: ({ account, permissions, kind = account === undefined ? 'operator' : 'customer' }) =>
      issuer.issue({
        kind,
        subject: `usr_${account ?? kind}`,
        accountId: isAccountId(account) ? account : null,
        permissions: new Set(permissions),
      }),
    send: async (definition, message) => {
      const id = message.id ?? `test:${randomUUID()}`;
      const [result] = await transport.publish([envelopeOf(definition, { ...message, id })]);
      if (result !== 'confirmed') throw new Error(`${definition.type} was not confirmed`, { cause: result });
      return id;
    },
    sent,
    audited: async () => (await sent('audit.record-action')).map(({ data }) => String(data['action'])),
    handled: (messageId) =>
      waitFor(
        async () => {
          const { rowCount } = await owner.query('SELECT 1 FROM platform.inbox WHERE message_id = $1', [messageId]);
          return rowCount === 1;
        },
        { what: `message ${messageId} to be handled`, deadlineMs: 10_000 },
      ).then(() => undefined),
    end,
  };
};

const envelopeOf = (
  definition: MessageDefinition,
  message: {
    readonly id: string;
    readonly subject?: string;
    readonly version?: number;
    readonly correlationId?: string;
    readonly data: Readonly<Record<string, unknown>>;
  },
): Envelope =>
  Envelope.parse({
    specversion: '1.0',
    id: message.id,
    source: definition.producers[0],
    type: definition.type,
    subject: message.subject ?? 'test',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    correlationid: message.correlationId ?? 'test',
    causationid: 'test',
    actorkind: 'system',
    actorid: 'test',
    version: message.version ?? 0,
    data: message.data,
  });

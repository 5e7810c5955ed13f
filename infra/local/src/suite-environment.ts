import { databaseNameOf, type StoringService, withDatabase, withRole } from './databases.ts';
import { type LocalSecrets } from './secrets.ts';

export interface StripeKeys {
  readonly secretKey: string;
  /** Of an endpoint that reaches this machine; null: nothing does, and the sweep stands in. */
  readonly webhookSecret: string | null;
}

/** Everything the parts of one suite need to know of each other. */
export interface SuiteFacts {
  readonly adminUrl: string;
  /** First part of every database's name: several suites may share a server. */
  readonly databasePrefix: string;
  readonly secrets: LocalSecrets;
  readonly rabbitUrl: string | null;
  /** Keys of a Stripe test account; null: Stripe is played by the sandbox. */
  readonly stripe: StripeKeys | null;
  /** What is sold in, where that is not the default: variables of catalog. */
  readonly catalog: Environment;
  readonly logLevel: string;
  readonly gatewayUrl: string;
  readonly sandboxUrl: string;
  readonly retryTiersMs: string | null;
  readonly beatIntervalMs: number | null;
}

export type Environment = Readonly<Record<string, string>>;

/** What the suite of `pnpm start` is called on its servers. */
export const MAIN_PREFIX = 'quittance';

/** The bus's own database where PostgreSQL carries the messages. */
const BUS_DATABASE = 'bus';
const SANDBOX_DATABASE = 'sandbox';

export const busDatabaseUrl = (facts: SuiteFacts): string => plainDatabaseUrl(facts, BUS_DATABASE);
export const sandboxDatabaseUrl = (facts: SuiteFacts): string => plainDatabaseUrl(facts, SANDBOX_DATABASE);

/** Private copies share a broker with others and must not take their messages; the one main suite has the plain names. */
export const busPrefix = ({ databasePrefix }: Pick<SuiteFacts, 'databasePrefix'>): string =>
  databasePrefix === MAIN_PREFIX ? '' : `${databasePrefix}.`;

/** Databases that are not a service's: made empty, filled by their owner. */
export const PLAIN_DATABASES = [BUS_DATABASE, SANDBOX_DATABASE] as const;

const plainDatabaseUrl = (facts: SuiteFacts, name: string): string => {
  const database = databaseNameOf(name, facts.databasePrefix);
  return withRole(withDatabase(facts.adminUrl, database), database, facts.secrets.servicePassword);
};

/** The variables of one service, the same whether it runs in this process or in one of its own. */
export const serviceEnvironment = (service: StoringService, facts: SuiteFacts): Environment => {
  const database = databaseNameOf(service, facts.databasePrefix);
  return {
    QUITTANCE_MODE: 'sandbox',
    LOG_LEVEL: facts.logLevel,
    DATABASE_URL: withRole(withDatabase(facts.adminUrl, database), database, facts.secrets.servicePassword),
    ...(facts.rabbitUrl === null
      ? { BUS_DATABASE_URL: busDatabaseUrl(facts) }
      : { RABBITMQ_URL: facts.rabbitUrl, RABBITMQ_PREFIX: busPrefix(facts) }),
    ...(facts.retryTiersMs === null ? {} : { RETRY_TIERS_MS: facts.retryTiersMs }),
    INTERNAL_TOKEN_PUBLIC_KEY: facts.secrets.internalPublicKey,
    SANDBOX_CLOCK_URL: facts.sandboxUrl,
    ...OWN_VARIABLES[service](facts),
  };
};

const none = (): Environment => ({});

const OWN_VARIABLES: Record<StoringService, (facts: SuiteFacts) => Environment> = {
  catalog: (facts) => facts.catalog,
  subscription: (facts) => (facts.beatIntervalMs === null ? {} : { BEAT_INTERVAL_MS: String(facts.beatIntervalMs) }),
  invoicing: none,
  audit: none,
  'payments-card': ({ stripe, secrets, sandboxUrl }) =>
    stripe === null
      ? {
          STRIPE_SECRET_KEY: secrets.stripeSecretKey,
          STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
          STRIPE_API_BASE: sandboxUrl,
        }
      : {
          STRIPE_SECRET_KEY: stripe.secretKey,
          STRIPE_WEBHOOK_SECRET: stripe.webhookSecret ?? secrets.stripeWebhookSecret,
        },
  gateway: (facts) => ({
    PUBLIC_URL: facts.gatewayUrl,
    INTERNAL_TOKEN_PRIVATE_KEY: facts.secrets.internalPrivateKey,
    AUTHGATE_ISSUER: `${facts.sandboxUrl}/authgate`,
    AUTHGATE_JWKS_URL: `${facts.sandboxUrl}/authgate/jwks`,
    AUTHGATE_AUDIENCE: 'https://quittance.local',
    // Keys rotate here when a button is pressed, and whoever pressed it wants to see it work.
    AUTHGATE_JWKS_REFETCH_SECONDS: '2',
    ADMIN_LIST_URL: `${facts.sandboxUrl}/superadmin/admins`,
    ADMIN_LIST_SECRET: facts.secrets.adminListSecret,
  }),
};

export const consoleEnvironment = (facts: SuiteFacts): Environment => ({
  QUITTANCE_MODE: 'sandbox',
  LOG_LEVEL: facts.logLevel,
  AUTHGATE_ISSUER: `${facts.sandboxUrl}/authgate`,
  SUPPORT_EMAIL: 'billing@quittance.example',
});

/** Where the gateway finds the services, and where it listens itself. */
export const gatewayAddresses = (ports: Readonly<Record<string, number>>, facts: SuiteFacts): Environment => ({
  PORT: new URL(facts.gatewayUrl).port,
  ...Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [
      `${name.replaceAll('-', '_').toUpperCase()}_URL`,
      `http://127.0.0.1:${port}`,
    ]),
  ),
});

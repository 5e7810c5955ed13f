import { type Binding, type Transport } from '@quittance/bus';
import { type OutgoingMessage, type ServiceName } from '@quittance/contracts';
import { type Database, type DatabaseOptions, type PrismaClientLike, type RowWaiter } from '@quittance/database';
import { type AppOptions, type Route } from '@quittance/http';
import { type Clock, type ErrorTable, type NewId, type UnitOfWork, type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, type Metrics, type serviceConfig } from '@quittance/runtime';
import { type z } from 'zod';

/** The variables every service has; a service's own config adds to them. */
export type BaseConfig = z.output<z.ZodObject<typeof serviceConfig>>;

/** What whoever starts a service (its `main.ts`, or the local suite) hands to it. */
export interface ServiceDeps<Config> {
  readonly config: Config;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** Started and declared by whoever made it; several services in one process share it. */
  readonly transport: Transport;
  readonly logger: Logger;
}

/** A service that can be started, asked whether it has anything left to do, and stopped. */
export interface RunningService {
  readonly name: ServiceName;
  /** The port it listens on; 0 before `start`. */
  port(): number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** True when nothing is unsent, being handled or running in a job. */
  idle(): boolean;
  /** How much is not finished although nothing runs: what waits for its next try of its own accord. */
  unfinished(): Promise<number>;
  /** The next instant of business time at which this service has something to do; null: nothing is due, ever. */
  nextDueAt(): Promise<Date | null>;
  /** Commits so far: two equal counts with nothing running between them mean that nothing happened. */
  activity(): number;
  /** Business time has moved: every job looks at once. */
  wake(): void;
  /** Sends the current snapshots again, marked replayed; answers how many. */
  republish(since: Date | null): Promise<number>;
  /** Lets go of the database, for a service that was built and never started. */
  close(): Promise<void>;
}

/** Work that waits for a person; `service` is added by the assembly. */
export interface AttentionItem {
  readonly id: string;
  /** Stable code, e.g. `payments_card.outcome_unknown`. */
  readonly code: string;
  /** What happened and what a person should do. */
  readonly message: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly accountId: string | null;
  readonly correlationId: string | null;
  readonly since: Date;
}

/** The shared parts every service is built from. */
export interface Kit<Client, Message, Config> {
  readonly config: Config;
  readonly client: Client;
  readonly database: Database<Client>;
  readonly unitOfWork: UnitOfWork<Message>;
  readonly rowWaiter: RowWaiter;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a service adds to the shared parts. */
export interface Parts<Message> {
  readonly routes: readonly Route[];
  readonly bindings: readonly Binding[];
  readonly jobs: readonly Loop[];
  /** The service's own codes, for titles and remedies of its problems. */
  readonly errors: ErrorTable;
  /** At most 500, oldest first. */
  readonly attention: () => Promise<readonly AttentionItem[]>;
  /** Current snapshots of everything changed since then (null: everything), as domain messages. */
  readonly republish: (since: Date | null) => AsyncIterable<Message>;
  /** Runs after migrations and connections, before anything is consumed or served (seeds, caches). */
  readonly prepare?: () => Promise<void>;
  /** Only the gateway stands at the street: it knows callers by AuthGate's tokens instead of by its own. */
  readonly door?: Pick<AppOptions, 'identity' | 'hooks'>;
  /** The next instant of business time at which a job has something to do. Default: none. */
  readonly nextDueAt?: () => Promise<Date | null>;
  /** Work that is tried again by itself soon and holds a moved clock until then. Default: none. */
  readonly unfinished?: () => Promise<number>;
  /** Deliveries handled at once; default 10. */
  readonly prefetch?: number;
}

export interface ServiceSpec<Client extends PrismaClientLike, Message, Config extends BaseConfig> {
  readonly name: ServiceName;
  readonly deps: ServiceDeps<Config>;
  readonly makeClient: DatabaseOptions<Client>['makeClient'];
  readonly toOutgoing: (message: Message) => OutgoingMessage;
  readonly build: (kit: Kit<Client, Message, Config>) => Parts<Message>;
}

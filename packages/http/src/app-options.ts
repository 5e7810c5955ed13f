import { type IncomingMessage } from 'node:http';

import { type HttpContract } from '@quittance/contracts';
import { type ErrorTable, type Principal, type WallClock } from '@quittance/kernel';
import { type Health, type Logger, type Metrics } from '@quittance/runtime';
import { type RequestHandler } from 'express';

import { type Route } from './handle.ts';
import { type IdempotencyStore } from './idempotency-store.ts';

/** Who asks for what, before the permission is looked at. */
export interface Asked {
  readonly contract: HttpContract;
  readonly principal: Principal | null;
  readonly ip: string | null;
}

/** A request that was turned away: 401 (no principal), 403, or 404 for what belongs to another account. */
export interface Denial extends Asked {
  readonly code: string;
  /** Why, in words for the audit trail. */
  readonly reason: string;
  readonly requestId: string;
}

/** What the door needs and a service behind it does not. */
export interface AppHooks {
  /** Throws to turn a request away, e.g. `platform.rate_limited`. */
  readonly guard?: (asked: Asked) => void;
  readonly onDenied?: (denial: Denial) => void;
  /** Default: what the gateway says in `x-quittance-client-ip`, else the peer’s address. */
  readonly clientIp?: (request: IncomingMessage) => string | null;
  /** False at the door: request ids of strangers are not taken over. Default true. */
  readonly trustsRequestIds?: boolean;
  /** Handlers for whatever no contract matches, before the 404. */
  readonly pages?: readonly RequestHandler[];
}

export interface AppOptions {
  readonly service: string;
  readonly routes: readonly Route[];
  /** Asked only where a contract wants a permission. Null or `platform.unauthenticated` both answer 401. */
  readonly identity: (request: IncomingMessage) => Promise<Principal | null>;
  /** Null only for a service none of whose contracts requires a key. */
  readonly idempotency: IdempotencyStore | null;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly wallClock: WallClock;
  /** The service’s own codes, for titles and remedies of problems. */
  readonly errors?: ErrorTable;
  /** In the sandbox every answer is checked against its contract. Default production. */
  readonly mode?: 'production' | 'sandbox';
  readonly hooks?: AppHooks;
}

import { type Clock, type Secret, type WallClock } from '@quittance/kernel';

import { type SandboxDatabase, type Tx } from '../database.ts';
import { type SandboxLogger } from '../logger.ts';
import { type StripeCall } from './call.ts';
import { type Params, readParams } from './params.ts';

/** What every part of the stand-in shares. */
export interface StripeWorld {
  readonly database: SandboxDatabase;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly logger: SandboxLogger;
  readonly publicUrl: () => string;
  readonly secretKey: Secret;
  readonly enabledEvents: readonly string[];
}

export interface CallFacts {
  readonly params?: Params;
  readonly path?: Readonly<Record<string, string>>;
  readonly requestId?: string;
  readonly idempotencyKey?: string;
}

export const callIn = (world: StripeWorld, tx: Tx, facts: CallFacts = {}): StripeCall => ({
  tx,
  params: facts.params ?? readParams({}),
  path: facts.path ?? {},
  nowS: Math.floor(world.clock.now().getTime() / 1000),
  requestId: facts.requestId ?? null,
  idempotencyKey: facts.idempotencyKey ?? null,
  publicUrl: world.publicUrl(),
  enabledEvents: world.enabledEvents,
  wallMs: world.wallClock.nowMs(),
});

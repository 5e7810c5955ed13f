import { type Tx } from '../database.ts';
import { type Params } from './params.ts';

/** One request to the stand-in, inside its transaction. Handlers take it first. */
export interface StripeCall {
  readonly tx: Tx;
  readonly params: Params;
  /** Values of the path, e.g. `id`. */
  readonly path: Readonly<Record<string, string>>;
  /** Unix seconds of the sandbox's business clock: `created`, `expires_at`. */
  readonly nowS: number;
  /** Null for what Stripe does by itself: expiry, the hosted page. */
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  readonly publicUrl: string;
  /** Patterns such as `charge.dispute.*`. */
  readonly enabledEvents: readonly string[];
  /** Wall time in ms: when deliveries become due. */
  readonly wallMs: number;
}

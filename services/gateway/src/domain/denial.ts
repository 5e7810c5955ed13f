import { type AccountId, type Actor } from '@quittance/kernel';

/** One attempt that was turned away. */
export interface Denial {
  /** Null without a valid token. */
  readonly actor: Actor | null;
  readonly accountId: AccountId | null;
  /** Name, method and path of the contract. */
  readonly route: { readonly name: string; readonly method: string; readonly path: string };
  readonly code: string;
  readonly reason: string;
  readonly requestId: string;
  readonly ip: string | null;
  readonly at: Date;
}

/** Denials without a valid token, counted together: a flood of forgeries must not be a flood of records. */
export interface CountedDenials {
  readonly reason: string;
  readonly networkPrefix: string;
  /** Wall time, the beginning of the minute. */
  readonly minute: Date;
  readonly at: Date;
  readonly count: number;
}

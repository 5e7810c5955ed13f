export interface IdempotencyScope {
  /** Subject and account of the caller. */
  readonly caller: string;
  readonly route: string;
  readonly key: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What is known of a key. */
export type IdempotencyState =
  /**
   * Run it. `reservedUlid` was chosen when the key was first seen and never changes: what the request creates takes its
   * id from it, so a retry after a crash finds what the first run committed instead of making a second one.
   */
  | { readonly state: 'run'; readonly reservedUlid: string }
  /** Another request holds the lease. */
  | { readonly state: 'in_progress' }
  /** Another body was sent under this key. */
  | { readonly state: 'mismatch' }
  /** Answered before: the same answer again. */
  | { readonly state: 'answered'; readonly answer: StoredAnswer };

/** Keys live 24 h, leases 5 s, both wall time. `database` implements it. */
export interface IdempotencyStore {
  begin(scope: IdempotencyScope, bodyHash: string, newUlid: string): Promise<IdempotencyState>;
  saveAnswer(scope: IdempotencyScope, answer: StoredAnswer): Promise<void>;
  /** The request failed before an answer worth keeping (5xx, conflict): the lease ends, the reserved id stays. */
  release(scope: IdempotencyScope): Promise<void>;
}

import { type AccountId } from './ids.ts';
import { type Actor } from './principal.ts';

/**
 * One change to one service's database, waiting for its transaction. Repositories make them; only the unit of work
 * runs them, so nothing is written outside `commit`. A write that finds a newer version throws
 * `platform.version_conflict` and the whole commit is undone.
 */
export interface Write {
  run(transaction: unknown): Promise<void>;
}

export type AuditResult = 'succeeded' | 'denied' | 'failed';

/** One action as the audit trail will tell it. Actor, request and trace come from the running operation. */
export interface AuditEntry {
  /** `<noun>.<past participle>`, e.g. `invoice.issued`. */
  readonly action: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly accountId: AccountId | null;
  readonly result?: AuditResult;
  readonly reason?: string;
  /** How many like it this record stands for (aggregated denials). Default 1. */
  readonly count?: number;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

export interface Commit<Message> {
  readonly writes: readonly Write[];
  /** Domain messages; the service's converter turns them into events and commands. */
  readonly messages: readonly Message[];
  /** Required on purpose: a change without a record does not compile. Say `[]` only where nothing was done. */
  readonly audit: readonly AuditEntry[];
  /** The id that ties one purchase together (the checkout, the renewal). Default: that of the running operation. */
  readonly correlationId?: string;
  /** What brought it about and who, where that is not the running operation: one message of a batch. */
  readonly cause?: { readonly id: string; readonly actor: Actor };
}

/** Saves rows, outbox, inbox, idempotency key and audit together or not at all. */
export interface UnitOfWork<Message> {
  commit(change: Commit<Message>): Promise<void>;
  /** Many changes in one transaction, each with a correlation and a cause of its own: all of them or none. */
  commitAll(changes: readonly Commit<Message>[]): Promise<void>;
}

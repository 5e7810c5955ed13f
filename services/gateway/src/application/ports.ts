import { type AccountId, type Principal, type Write } from '@quittance/kernel';

import { type Beat } from '../domain/beat.ts';
import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { type Handoff } from '../domain/handoff.ts';
import { type SoldPlan } from '../domain/sold-plan.ts';

/** What the projection says of one account and product. */
export interface Projected {
  /** Null: subscription was never asked. With a null document: it was, and had none. */
  readonly row: { readonly document: EntitlementDocument | null } | null;
  readonly beat: Beat | null;
}

export interface EntitlementProjection {
  /** From memory where that is known to be current, otherwise from the database. */
  read(accountId: AccountId, productKey: string): Promise<Projected>;
}

export interface EntitlementWrites {
  /** Unless the row has this revision or a higher one already. */
  keep(document: EntitlementDocument): Write;
  /** Unless there is a row. */
  markAbsent(accountId: AccountId, productKey: string): Write;
  /** Unless a later beat was noted. */
  noteBeat(beatAt: Date): Write;
}

/** What is remembered of accounts and products for which subscription had nothing. */
export interface Absences {
  /** Forgets at most `limit` that were heard of before this instant, the oldest first; how many. */
  forgetBefore(instant: Date, limit: number): Promise<number>;
}

/** Subscription itself, asked directly. Throws `platform.unavailable`. */
export interface EntitlementSource {
  documentsOf(accountId: AccountId): Promise<readonly EntitlementDocument[]>;
}

/** One HTTP call to a service behind the gateway. */
export interface ServiceCall {
  readonly service: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Handed on as internal identity; null for public and signed routes. */
  readonly principal: Principal | null;
  /** For what can be done without; default as long as any service may take. */
  readonly timeoutMs?: number;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Throws `platform.unavailable` when the service cannot be reached or does not answer in time. */
export type CallService = (call: ServiceCall) => Promise<ServiceAnswer>;

/** An answer of the console’s server, its body still arriving. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

export type FetchPage = (page: {
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}) => Promise<Page>;

/** Secrets that are handed to a bearer and kept as hashes only. */
export interface BearerSecrets {
  make(): string;
  hashOf(secret: string): string;
}

export interface Handoffs {
  insert(handoff: Handoff, codeHash: string, createdAt: Date): Write;
  /** Only while its link has not ended. */
  findByCode(codeHash: string, now: Date): Promise<Handoff | null>;
  /** The link becomes a session, the code’s hash is gone. Fails with `gateway.handoff_spent` unless it still has it. */
  open(use: {
    readonly codeHash: string;
    readonly sessionHash: string;
    readonly endsAt: Date;
    readonly now: Date;
  }): Write;
  findBySession(sessionHash: string, now: Date): Promise<Handoff | null>;
  forgetEnded(now: Date): Write;
}

/** What the catalogue sells to an account. Throws `platform.unavailable`. */
export interface SoldPlans {
  find(wish: {
    readonly accountId: AccountId;
    readonly owner: string;
    readonly product: string;
    readonly plan: string;
    readonly currency: string | null;
    readonly country: string | null;
    readonly language: string | null;
  }): Promise<SoldPlan | null>;
}

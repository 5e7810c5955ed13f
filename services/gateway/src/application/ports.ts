import { type AccountId, type Principal, type Write } from '@quittance/kernel';

import { type Beat } from '../domain/beat.ts';
import { type EntitlementDocument } from '../domain/entitlement-document.ts';

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

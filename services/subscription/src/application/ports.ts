import { type AccountId, type AccountScope, type Id, type UnitOfWork, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type SubscriptionChange } from '../domain/change.ts';
import { type Checkout } from '../domain/checkout.ts';
import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { type UsageCounts } from '../domain/exceeded-limits.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';
import { type Entitlement, type Plan } from '../domain/plan.ts';
import { type SubscriptionStatus } from '../domain/subscription-status.ts';
import { type DueKind, type Subscription, type SubscriptionItem } from '../domain/subscription.ts';

export type SubscriptionUnitOfWork = UnitOfWork<SubscriptionMessage>;

export interface Plans {
  /** The current version on sale, or the last one when it is retired; null when never heard of. */
  findCurrent(planId: Id<'pln'>): Promise<Plan | null>;
  findVersion(planVersionId: Id<'plv'>): Promise<Plan | null>;
  /** The newest version of the plan that is called so, on sale or not. */
  findByKeys(productKey: string, planKey: string): Promise<Plan | null>;
  findVersions(ids: readonly Id<'plv'>[]): Promise<readonly Plan[]>;
  /** What the items give together. */
  entitlementsOf(items: readonly SubscriptionItem[]): Promise<readonly Entitlement[]>;
  /** Keeps the snapshot with the higher message version. */
  store(plan: Plan, messageVersion: number): Write;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly after: string | null;
}

export interface SubscriptionFilter {
  readonly status: SubscriptionStatus | null;
  readonly productKey: string | null;
  /** On any version of this plan. */
  readonly planId: Id<'pln'> | null;
  readonly planVersionId: Id<'plv'> | null;
}

export interface Subscriptions {
  find(scope: AccountScope, id: Id<'sub'>): Promise<Subscription | null>;
  findMany(ids: readonly Id<'sub'>[]): Promise<readonly Subscription[]>;
  /** The one that holds the account's place for the product. */
  findLive(accountId: AccountId, productId: Id<'prd'>): Promise<Subscription | null>;
  /** It, whoever holds its place, and the highest version there, read together; null when there is no such subscription. */
  findWithPlace(id: Id<'sub'>): Promise<SubscriptionAndPlace | null>;
  /** Drafts left out: nobody has them yet. Newest first. */
  list(scope: AccountScope, filter: SubscriptionFilter, page: PageRequest): Promise<Page<Subscription>>;
  documents(accountId: AccountId): Promise<readonly EntitlementDocument[]>;
  /** The current document of every account and product changed since then. */
  documentsSince(since: Date | null): AsyncIterable<EntitlementDocument>;
  hadTrial(accountId: AccountId, productId: Id<'prd'>): Promise<boolean>;
  /** Highest version among the account's subscriptions for the product; 0 when there is none. */
  highestVersion(accountId: AccountId, productId: Id<'prd'>): Promise<number>;
  /** The same for each place these hold, by `<account> <product>`. */
  highestVersions(of: readonly Subscription[]): Promise<ReadonlyMap<string, number>>;
  insert(subscription: Subscription): Write;
  /** Fails with `platform.version_conflict` unless the row still has `expectedVersion`. */
  update(subscription: Subscription, expectedVersion: number): Write;
  /** All of them, or none when one was changed by somebody else: `platform.version_conflict`. */
  updateMany(changes: readonly SubscriptionUpdate[]): Write;
}

export interface SubscriptionAndPlace {
  readonly subscription: Subscription;
  readonly live: Subscription | null;
  readonly highest: number;
}

export interface SubscriptionUpdate {
  readonly before: Subscription;
  readonly after: Subscription;
}

export interface DueClaim {
  /** Business time: what is due by then. */
  readonly now: Date;
  readonly wallNow: Date;
  readonly leaseUntil: Date;
  readonly kinds: readonly DueKind[];
  readonly limit: number;
}

export interface RenewalWindow {
  readonly until: Date;
  /** Null is everybody's. */
  readonly accountId: AccountId | null;
}

export interface Claimed {
  readonly subscriptions: readonly Subscription[];
  /** Rows that say nothing we know how to read; the others are not held up by them. */
  readonly unreadable: readonly Unreadable[];
}

export interface Unreadable {
  readonly id: string;
  readonly error: Error;
}

/** The list of what falls due, which several replicas work off together. */
export interface DueSubscriptions {
  /** Oldest first. Two callers never hold the same one; who dies loses it after the lease. */
  claim(claim: DueClaim): Promise<Claimed>;
  /** Gives them back at once. */
  release(subscriptions: readonly Subscription[]): Promise<void>;
  /** Nobody claims it before then. */
  postpone(id: string, wallUntil: Date): Write;
  /** As `Subscriptions.updateMany`; the claim ends with it. */
  takeOff(changes: readonly SubscriptionUpdate[]): Write;
  nextDueAt(kinds: readonly DueKind[]): Promise<Date | null>;
  /** Due by then and not done yet. */
  count(kinds: readonly DueKind[], now: Date): Promise<number>;
  /** What is charged by then and not begun yet, also after a scheduled change; soonest first. */
  listRenewals(window: RenewalWindow, page: PageRequest): Promise<Page<Subscription>>;
  sumRenewals(window: RenewalWindow): Promise<readonly { readonly count: number; readonly amount: Money }[]>;
}

export interface ChangeHistory {
  /** The subscription was upgraded since then. */
  readonly upgradedInPeriod: boolean;
  /** The account was granted a bonus for the product since then, or one is on its way. */
  readonly bonusWithinYear: boolean;
}

export interface Changes {
  find(scope: AccountScope, id: Id<'chg'>): Promise<SubscriptionChange | null>;
  findScheduled(subscriptionId: Id<'sub'>): Promise<SubscriptionChange | null>;
  /** The same for each of these that has one, by its id. */
  findScheduledOf(subscriptionIds: readonly Id<'sub'>[]): Promise<ReadonlyMap<string, SubscriptionChange>>;
  /** Which of these have a change that waits for its payment. */
  findAwaitingPayment(subscriptionIds: readonly Id<'sub'>[]): Promise<ReadonlySet<string>>;
  /** Newest first. */
  list(scope: AccountScope, subscriptionId: Id<'sub'>, page: PageRequest): Promise<Page<SubscriptionChange>>;
  history(subscription: Subscription, since: { readonly upgrade: Date; readonly bonus: Date }): Promise<ChangeHistory>;
  insert(change: SubscriptionChange): Write;
  /** Fails with `platform.version_conflict` unless the row still has `expectedVersion`. */
  update(change: SubscriptionChange, expectedVersion: number): Write;
}

/** How many of a limited feature are in use, as the platform service that has them says. */
export interface FeatureCounts {
  of(accountId: AccountId, productKey: string): Promise<UsageCounts>;
  /** The same for each of these, by account. */
  ofMany(accountIds: readonly AccountId[], productKey: string): Promise<ReadonlyMap<string, UsageCounts>>;
  /** A count that was true later wins. */
  store(counted: {
    readonly accountId: AccountId;
    readonly productKey: string;
    readonly counts: UsageCounts;
    readonly asOf: Date;
  }): Write;
}

export interface Checkouts {
  find(scope: AccountScope, id: Id<'chk'>): Promise<Checkout | null>;
  findOpen(accountId: AccountId, productId: Id<'prd'>): Promise<Checkout | null>;
  /**
   * The country of the last checkout of a subscription that was completed; null when none was said. For subscriptions of a
   * release that kept it there alone.
   */
  lastCountry(subscriptionId: Id<'sub'>): Promise<string | null>;
  /** The same for each of these, by its id. */
  lastCountries(subscriptionIds: readonly Id<'sub'>[]): Promise<ReadonlyMap<string, string | null>>;
  insert(checkout: Checkout): Write;
  update(checkout: Checkout, expectedVersion: number): Write;
}

export interface ParkedItem {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly subject: { readonly type: string; readonly id: string };
  /** Null where that is what nobody knows. */
  readonly accountId: AccountId | null;
  readonly correlationId: string;
  readonly since: Date;
}

export interface ParkedWork {
  /** Once per (code, subject). */
  park(item: ParkedItem): Write;
  listOpen(limit: number): Promise<readonly ParkedItem[]>;
}

/** Which subscription of ours one from elsewhere has become. */
export interface LegacyLink {
  readonly source: string;
  readonly reference: string;
  readonly subscriptionId: Id<'sub'>;
  /** Of the last report that was heard; an older one that comes late changes nothing. 0: imported. */
  readonly reportVersion: number;
  /** Of an imported row as it was given: the same row again is nothing new. Null: it was not imported. */
  readonly fingerprint: string | null;
}

export interface LegacyLinks {
  find(source: string, reference: string): Promise<LegacyLink | null>;
  /** Fails with `platform.version_conflict` when there is one. */
  insert(link: LegacyLink): Write;
  /** Fails with `platform.version_conflict` when a newer report was heard meanwhile. */
  heard(link: LegacyLink, reportVersion: number): Write;
}

/** Whoever waits for a person waits on its own row: this wakes them. */
export interface CheckoutWatch {
  changed(checkoutId: Id<'chk'>): void;
  /** The first reading for which `enough` holds, or the last one when the time is over. */
  until(checkoutId: Id<'chk'>, enough: (checkout: Checkout) => boolean, timeoutMs: number): Promise<void>;
}

/** The next version of an aggregate: only grows, also over a restored database. */
export type NextVersion = (previous: number) => number;

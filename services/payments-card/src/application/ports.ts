import { type AccountId, type Id, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type PaymentsCardCode } from '../domain/errors.ts';
import { type LegacySubscription, type MirroredSubscription } from '../domain/legacy-subscription.ts';
import {
  type Attempt,
  type OpenRequest,
  type Order,
  type PaymentStatus,
  type Session,
  type StoredMethod,
} from '../domain/order.ts';
import { type ChargeReading, type ProviderAmount, type Reading } from '../domain/reading.ts';

/** What must be known to open an order outside. */
export interface OpeningFacts {
  readonly orderId: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  readonly correlationId: string;
  readonly amount: Money;
  readonly description: string;
  readonly returnUrls: { readonly success: string; readonly cancel: string };
  /** The account's customer at the provider, where one is known: not everybody who comes again is somebody new. */
  readonly customerReference: string | null;
}

/** What must be known to charge a stored method. */
export interface ChargingFacts {
  readonly orderId: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  readonly correlationId: string;
  readonly amount: Money;
  readonly description: string;
  readonly method: StoredMethod;
}

export interface Refused {
  readonly outcome: 'refused';
  readonly code: PaymentsCardCode;
  readonly message: string;
}

/** Nobody knows what happened. `reason` is a short code, never the provider's text. */
export interface Unknown {
  readonly outcome: 'unknown';
  readonly reason: string;
}

export type PrepareOutcome = { readonly outcome: 'prepared'; readonly request: OpenRequest } | Refused;
export type OpenOutcome = { readonly outcome: 'opened'; readonly session: Session } | Refused | Unknown;
export type ReadOutcome = { readonly outcome: 'read'; readonly reading: Reading } | Unknown;
export type FindOutcome = ReadOutcome | { readonly outcome: 'none' };
/** A decline is a reading like any other: the provider has answered. */
export type ChargeOutcome = { readonly outcome: 'read'; readonly reading: ChargeReading } | Unknown;
export type SendChargeOutcome = ChargeOutcome | Refused;
export type FindChargeOutcome = ChargeOutcome | { readonly outcome: 'none' };

/** One fiat provider. Errors of its SDK never pass this border: outcomes are values. */
export interface CardProvider {
  readonly name: string;
  /** Pure: the request as it will be sent on every try. `now` is the provider's time. */
  prepareOpening(facts: OpeningFacts, now: Date): PrepareOutcome;
  /** Sends it under keys derived from the order, so any number of tries open one order. */
  openOrder(orderId: Id<'ord'>, request: OpenRequest): Promise<OpenOutcome>;
  /** Looks for an order whose answer was never read. `createdAt` narrows the search. */
  findOrder(orderId: Id<'ord'>, createdAt: Date): Promise<FindOutcome>;
  readOrder(reference: string): Promise<ReadOutcome>;
  /** Makes it unpayable; reads it when it cannot be closed any more. */
  closeOrder(reference: string): Promise<ReadOutcome>;
  /** Pure: the charge as it will be sent on every try. */
  prepareCharge(facts: ChargingFacts): PrepareOutcome;
  /** Sends it under the charge's own key, so any number of tries charge once. */
  sendCharge(key: string, request: OpenRequest): Promise<SendChargeOutcome>;
  /** Looks for a charge whose answer was never read. */
  findCharge(
    orderId: Id<'ord'>,
    sent: { readonly request: OpenRequest; readonly since: Date },
  ): Promise<FindChargeOutcome>;
  readCharge(reference: string): Promise<ChargeOutcome>;
  /** Our amount in the provider's units; null when it cannot express it. */
  toProviderAmount(amount: Money): ProviderAmount | null;
}

export type DenialReason = 'signature' | 'too_old' | 'from_the_future' | 'malformed' | 'wrong_mode';

export type WebhookVerdict =
  /** `payload`: what may be stored of the body; the same bytes unless a card number had to be masked. */
  | { readonly verdict: 'genuine'; readonly event: VerifiedEvent; readonly payload: Buffer }
  | { readonly verdict: 'denied'; readonly reason: DenialReason };

/** Our reading of what a provider's event is about. */
export interface VerifiedEvent {
  readonly id: string;
  readonly type: string;
  readonly livemode: boolean;
  readonly createdAt: Date;
  readonly orderId: Id<'ord'> | null;
  /** The provider's id of the payment it is about, for events that do not carry our order id. */
  readonly paymentReference: string | null;
  readonly correlationId: string | null;
  /** Money events are in the audit trail; progress reports of the same money are not. */
  readonly audited: boolean;
}

export type EventEffect = 'read_order' | 'money_went_back' | 'mirror_subscription' | 'none';

/** `subscriptionReference`: which of the provider's own subscriptions is to be read. */
export interface EventOrder {
  readonly effect: EventEffect;
  readonly decline: Attempt | null;
  readonly subscriptionReference: string | null;
}

export interface WebhookVerifier {
  readonly provider: string;
  verify(body: Buffer, signature: string | null): WebhookVerdict;
  /** What a stored, once verified event asks us to do. */
  effectOf(payload: Buffer): EventOrder;
}

export interface OrderQuery {
  readonly account: AccountId | null;
  readonly status: PaymentStatus | null;
  /** Id of the last order of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

export interface OrderAdditions {
  readonly attempts: readonly Attempt[];
  readonly storedMethod: StoredMethod | null;
  readonly customerGone: boolean;
  readonly savedAt: Date;
}

export interface OrderStore {
  find(id: string): Promise<Order | null>;
  /** Those of the ids that are here. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  findByPayment(provider: string, paymentReference: string): Promise<Order | null>;
  /** Newest first; one more than `limit`, if there is one, tells that there is a next page. */
  list(query: OrderQuery): Promise<readonly Order[]>;
  insert(order: Order): Write;
  /** Guarded by the version that was read: `platform.version_conflict` if somebody was faster. */
  save(before: Order, after: Order, additions: OrderAdditions): Write;
  /** Takes due orders for one lease; two workers never hold the same one. Marks the first sending. */
  claimDue(claim: Claim): Promise<readonly Order[]>;
  /** Gives a claimed order back. One more try counts; a failure also counts as not knowing, so that a person sees it. */
  putBack(id: string, back: { readonly now: Date; readonly dueAt: Date; readonly lostRace: boolean }): Promise<void>;
  /** On their way to an answer of the provider that nobody has to give but the provider. */
  countUnfinished(): Promise<number>;
  /** Parked, or unknown since before then; oldest first. */
  listWaitingForPerson(unknownBefore: Date, limit: number): Promise<readonly Order[]>;
  /** In pages, oldest first. */
  completedSince(since: Date | null): AsyncIterable<Order>;
}

/** What of an account can be charged again, and who the account is at a provider. */
export interface StoredMethods {
  /** The newest of each account that has one. */
  newestOf(accounts: readonly AccountId[], provider: string): Promise<ReadonlyMap<string, StoredMethod>>;
  customerOf(account: AccountId, provider: string): Promise<string | null>;
  /** Null: nobody has it here. */
  ownerOf(methodReference: string, provider: string): Promise<string | null>;
  /** Who is known at the provider already stays who they are. */
  keepCustomer(customer: ProviderCustomer): Write;
  keep(method: ImportedMethod): Write;
}

export interface ProviderCustomer {
  readonly accountId: AccountId;
  readonly provider: string;
  readonly customerReference: string;
  readonly createdAt: Date;
}

/** A method nobody used here yet: what kind of card it is, only the provider knows. */
export interface ImportedMethod extends ProviderCustomer {
  readonly id: Id<'spm'>;
  readonly methodReference: string;
  readonly cameWith: Id<'sub'>;
}

export interface Claim {
  readonly now: Date;
  readonly leaseUntil: Date;
  readonly limit: number;
}

/** A stored event, waiting or done. */
export interface StoredEvent {
  readonly id: string;
  readonly provider: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly paymentReference: string | null;
  readonly payload: Buffer;
  /** This one included. */
  readonly attempts: number;
  readonly lastError: string | null;
  readonly receivedAt: Date;
}

/** How an event came. */
export interface EventFacts {
  readonly provider: string;
  readonly payload: Buffer;
  readonly receivedAt: Date;
  readonly claimedUntil: Date | null;
}

export interface EventStore {
  exists(id: string): Promise<boolean>;
  /** Due at once, or claimed until then by whoever stores it. @throws payments_card.event_already_stored */
  insert(event: VerifiedEvent, facts: EventFacts): Write;
  claimDue(claim: Claim): Promise<readonly StoredEvent[]>;
  /** `platform.version_conflict` when another worker has finished it. */
  finish(id: string, state: 'processed' | 'ignored', finishedAt: Date): Write;
  /** To be tried again. */
  putBack(id: string, dueAt: Date, error: string): Promise<void>;
  countUnfinished(): Promise<number>;
  listFailing(attemptsMin: number, limit: number): Promise<readonly StoredEvent[]>;
}

/** The provider's own pages, where a customer looks after cards and what the provider renews. */
export interface BillingPortal {
  openPortal(visit: {
    readonly customerReference: string;
    readonly returnUrl: string | null;
  }): Promise<
    | { readonly outcome: 'opened'; readonly reference: string; readonly url: string }
    | { readonly outcome: 'not_configured' }
    | Refused
    | Unknown
  >;
}

export type LegacyReadOutcome =
  | { readonly outcome: 'read'; readonly subscription: LegacySubscription; readonly customerReference: string }
  | { readonly outcome: 'none' }
  | Unknown;

/** Where the provider renews by itself. `none`: it never began, or cannot be mirrored. */
export interface LegacySubscriptionReader {
  readSubscription(reference: string): Promise<LegacyReadOutcome>;
}

export interface MirroredSubscriptions {
  find(provider: string, reference: string): Promise<MirroredSubscription | null>;
  /** Guarded by the version that was read: `platform.version_conflict` if somebody was faster. */
  save(before: MirroredSubscription | null, after: MirroredSubscription): Write;
  /** In pages, oldest change first. */
  changedSince(since: Date | null): AsyncIterable<MirroredSubscription>;
}

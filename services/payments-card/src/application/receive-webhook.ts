import { assertNever, type AuditEntry, isDomainError, type UnitOfWork, type WallClock } from '@quittance/kernel';

import { paymentsCardFail } from '../domain/errors.ts';
import { type CardMessage } from '../domain/messages.ts';
import { type Order } from '../domain/order.ts';
import { type CountDenial } from './count-denials.ts';
import {
  type DenialReason,
  type EventFacts,
  type EventStore,
  type OrderStore,
  type StoredEvent,
  type VerifiedEvent,
  type WebhookVerifier,
} from './ports.ts';
import { type LookAhead, type ReadAhead } from './process-event.ts';

export interface ReceivedWebhook {
  /** As it came in: the signature covers these bytes and no others. */
  readonly body: Buffer;
  readonly signature: string | null;
}

/** Resolves when the event is stored, now or before; only then may the provider be told so. */
export type ReceiveWebhook = (webhook: ReceivedWebhook) => Promise<void>;

export interface ReceiveWebhookDeps {
  readonly verifier: WebhookVerifier;
  readonly events: EventStore;
  readonly orders: OrderStore;
  readonly unitOfWork: UnitOfWork<CardMessage>;
  readonly wallClock: WallClock;
  readonly countDenial: CountDenial;
  /** Runs the storing as the provider's own act, and as a step that fault tests can interrupt. */
  readonly asProvider: (
    told: { readonly provider: string; readonly type: string },
    store: () => Promise<void>,
  ) => Promise<void>;
  /** A place at the worker, for an event that is about to be stored; null when it is busy, or ending. */
  readonly takePlace: () => EventPlace | null;
  readonly lookAhead: LookAhead;
  /** Wakes the worker: what is stored without a place is due. */
  readonly wake: () => void;
}

/** Taken before an event is stored, so that it is stored as claimed. Ends with exactly one of both calls. */
export interface EventPlace {
  readonly claimedUntil: Date;
  begin(event: StoredEvent, ahead: ReadAhead | null): void;
  giveUp(): void;
}

/**
 * Verify, store, answer; the work is done afterwards, here when this process has a place for it: it is claimed as it is
 * stored, and the provider is asked meanwhile. A repeated event changes nothing and is answered the same.
 */
export const makeReceiveWebhook =
  (deps: ReceiveWebhookDeps): ReceiveWebhook =>
  async ({ body, signature }) => {
    const checked = deps.verifier.verify(body, signature);
    if (checked.verdict === 'denied') {
      deps.countDenial(checked.reason);
      throw refusal(checked.reason);
    }
    const { event, payload } = checked;
    const [isStored, order] = await Promise.all([deps.events.exists(event.id), orderOf(deps, event)]);
    if (isStored) return;
    const receivedAt = new Date(deps.wallClock.nowMs());
    const place = deps.takePlace();
    const facts = { provider: deps.verifier.provider, payload, receivedAt, claimedUntil: place?.claimedUntil ?? null };
    let isOurs = false;
    try {
      const ahead = place === null || order === null ? null : deps.lookAhead(payload, order);
      isOurs = await store(deps, { event, order, facts });
      if (isOurs) place?.begin({ ...event, ...facts, attempts: 1, lastError: null }, ahead);
    } finally {
      if (!isOurs) place?.giveUp();
    }
    if (place === null) deps.wake();
  };

/** False when the same event came to two replicas at once, and the other one has stored it. */
const store = async (
  deps: ReceiveWebhookDeps,
  about: { readonly event: VerifiedEvent; readonly order: Order | null; readonly facts: EventFacts },
): Promise<boolean> => {
  const { event, order, facts } = about;
  const writes = [deps.events.insert(event, facts)];
  const audit = event.audited ? [recordOf(event, order)] : [];
  const correlationId = event.correlationId ?? event.id;
  try {
    await deps.asProvider({ provider: facts.provider, type: event.type }, () =>
      deps.unitOfWork.commit({ writes, messages: [], audit, correlationId }),
    );
    return true;
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'payments_card.event_already_stored') throw error;
    return false;
  }
};

const orderOf = ({ orders }: ReceiveWebhookDeps, { audited, orderId }: VerifiedEvent): Promise<Order | null> =>
  audited && orderId !== null ? orders.find(orderId) : Promise.resolve(null);

const recordOf = (event: VerifiedEvent, order: Order | null): AuditEntry => ({
  action: 'webhook.received',
  subject: { type: 'provider_event', id: event.id },
  accountId: order?.accountId ?? null,
  after: { type: event.type, order: event.orderId },
});

const refusal = (reason: DenialReason) => {
  switch (reason) {
    case 'wrong_mode':
      return paymentsCardFail(
        'payments_card.webhook_wrong_mode',
        'This installation does not take events of the other mode.',
      );
    case 'malformed':
      return paymentsCardFail('payments_card.webhook_malformed', 'The signature is right, but this is no event.');
    case 'signature':
    case 'too_old':
    case 'from_the_future':
      return paymentsCardFail(
        'payments_card.webhook_signature_invalid',
        'The signature does not verify for these bytes now.',
      );
    default:
      return assertNever(reason);
  }
};

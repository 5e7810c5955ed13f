import { assertNever, type AuditEntry, isDomainError, type UnitOfWork, type WallClock } from '@quittance/kernel';

import { paymentsCardFail } from '../domain/errors.ts';
import { type CardMessage } from '../domain/messages.ts';
import { type Order } from '../domain/order.ts';
import { type CountDenial } from './count-denials.ts';
import {
  type DenialReason,
  type EventStore,
  type OrderStore,
  type VerifiedEvent,
  type WebhookVerifier,
} from './ports.ts';

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
  /** Wakes the worker that processes it. */
  readonly wake: () => void;
}

/** Verify, store, answer; the work is done afterwards. A repeated event changes nothing and is answered the same. */
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
    const audit = event.audited ? [recordOf(event, order)] : [];
    const facts = { provider: deps.verifier.provider, payload, receivedAt: new Date(deps.wallClock.nowMs()) };
    const stored = deps.events.insert(event, facts);
    const correlationId = event.correlationId ?? event.id;
    await ignoringTwins(() =>
      deps.asProvider({ provider: deps.verifier.provider, type: event.type }, () =>
        deps.unitOfWork.commit({ writes: [stored], messages: [], audit, correlationId }),
      ),
    );
    deps.wake();
  };

/** The same event came to two replicas at once: one of them has stored it. */
const ignoringTwins = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'payments_card.event_already_stored') throw error;
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

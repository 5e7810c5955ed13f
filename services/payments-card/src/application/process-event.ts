import { type Decision } from '../domain/decision.ts';
import { paymentsCardFail } from '../domain/errors.ts';
import { type Attempt, type Order } from '../domain/order.ts';
import { decideMoneyWentBack } from '../domain/park-order.ts';
import { commitDecision } from './commit-decision.ts';
import { type MirrorSubscription } from './mirror-subscription.ts';
import { type EventStore, type ReadOutcome, type StoredEvent, type WebhookVerifier } from './ports.ts';
import { decideChargeFrom, decideFrom, type ProviderWorkDeps } from './work-order.ts';

export interface ProcessEventDeps extends ProviderWorkDeps {
  readonly events: EventStore;
  readonly verifier: WebhookVerifier;
  readonly mirrorSubscription: MirrorSubscription;
}

/** An order as it was when its event came, and what the provider said of it then. */
export interface ReadAhead {
  readonly order: Order;
  readonly answer: Promise<ReadOutcome>;
}

/** Begins to ask the provider about an event that is still being stored; null where there is nothing to ask yet. */
export type LookAhead = (payload: Buffer, order: Order) => ReadAhead | null;

export const makeLookAhead =
  ({ verifier, provider }: Pick<ProcessEventDeps, 'verifier' | 'provider'>): LookAhead =>
  (payload, order) => {
    if (verifier.effectOf(payload).effect !== 'read_order' || order.charge !== null || order.session === null)
      return null;
    const answer = provider.readOrder(order.session.reference);
    // Whoever works on the event hears of it; nobody does when the event could not be stored.
    answer.catch(() => undefined);
    return { order, answer };
  };

/** Throws when it has to be tried again. */
export type ProcessEvent = (event: StoredEvent, ahead?: ReadAhead | null) => Promise<void>;

/**
 * An event is a hint to look: the order is read at the provider, and that decides. Done together with the decision. An
 * order that was read ahead and has changed since is a lost race.
 */
export const makeProcessEvent =
  (deps: ProcessEventDeps): ProcessEvent =>
  async (event, ahead = null) => {
    const { effect, decline, subscriptionReference } = deps.verifier.effectOf(event.payload);
    if (effect === 'mirror_subscription' && subscriptionReference !== null) {
      await deps.mirrorSubscription(event, subscriptionReference);
      return;
    }
    const order = effect === 'none' ? null : (ahead?.order ?? (await findOrder(deps, event)));
    const finished = (state: 'processed' | 'ignored') =>
      deps.events.finish(event.id, state, new Date(deps.wallClock.nowMs()));
    if (effect === 'none' || order === null) {
      await deps.unitOfWork.commit({ writes: [finished('ignored')], messages: [], audit: [] });
      return;
    }
    const decided =
      effect === 'money_went_back'
        ? decideMoneyWentBack(order, `${event.type} (${event.id})`, new Date(deps.wallClock.nowMs()))
        : await readAndDecide(deps, order, { declines: decline === null ? [] : [decline], event, ahead });
    if (decided === null) await deps.unitOfWork.commit({ writes: [finished('processed')], messages: [], audit: [] });
    else await commitDecision(deps, { before: order, decided, also: [finished('processed')] });
  };

const findOrder = async (deps: ProcessEventDeps, event: StoredEvent): Promise<Order | null> => {
  if (event.orderId !== null) return deps.orders.find(event.orderId);
  return event.paymentReference === null ? null : deps.orders.findByPayment(event.provider, event.paymentReference);
};

/** Null when the order has no news to expect: the echo of a charge whose answer was read at once. */
const readAndDecide = async (
  deps: ProcessEventDeps,
  order: Order,
  about: { readonly declines: readonly Attempt[]; readonly event: StoredEvent; readonly ahead: ReadAhead | null },
): Promise<Decision | null> => {
  const { declines, event, ahead } = about;
  if (order.charge !== null)
    return declines.length > 0 && order.state === 'failed' ? null : readCharge(deps, order, event);
  if (order.session === null) {
    const message = `Order ${order.id} is ${order.state} and its session is not recorded yet.`;
    throw paymentsCardFail('payments_card.order_not_open_yet', message);
  }
  const answer = await (ahead?.answer ?? deps.provider.readOrder(order.session.reference));
  if (answer.outcome === 'unknown') throw unread(order, answer.reason);
  return decideFrom(deps, order, { reading: answer.reading, declines });
};

const readCharge = async (deps: ProcessEventDeps, order: Order, event: StoredEvent): Promise<Decision | null> => {
  const reference = event.paymentReference ?? order.charge?.reference ?? null;
  if (order.state === 'completed' || reference === null) return null;
  const answer = await deps.provider.readCharge(reference);
  if (answer.outcome === 'unknown') throw unread(order, answer.reason);
  return decideChargeFrom(deps, order, answer.reading);
};

const unread = (order: Order, reason: string): Error =>
  paymentsCardFail(
    'payments_card.provider_unavailable',
    `Order ${order.id} could not be read at ${order.provider}: ${reason}.`,
  );

import { type Clock, type UnitOfWork, type WallClock, type Write } from '@quittance/kernel';

import { paymentsCardFail } from '../domain/errors.ts';
import { type MirroredSubscription } from '../domain/legacy-subscription.ts';
import { type CardMessage } from '../domain/messages.ts';
import {
  type EventStore,
  type LegacySubscriptionReader,
  type MirroredSubscriptions,
  type StoredMethods,
  type StoredEvent,
} from './ports.ts';

export interface MirrorSubscriptionDeps {
  readonly events: EventStore;
  readonly legacy: LegacySubscriptionReader;
  readonly mirrored: MirroredSubscriptions;
  readonly unitOfWork: UnitOfWork<CardMessage>;
  readonly methods: Pick<StoredMethods, 'keepCustomer'>;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly nextVersion: (previous: number) => number;
}

/** Throws when it has to be tried again. */
export type MirrorSubscription = (event: StoredEvent, reference: string) => Promise<void>;

/**
 * The event is a hint to look: the subscription is read where it is renewed, and what stands there now is told, so that
 * neither the order nor the number of events matters. What was told already is not told again.
 */
export const makeMirrorSubscription =
  (deps: MirrorSubscriptionDeps): MirrorSubscription =>
  async (event, reference) => {
    const before = await deps.mirrored.find(event.provider, reference);
    const answer = await deps.legacy.readSubscription(reference);
    if (answer.outcome === 'unknown') {
      const message = `Subscription ${reference} could not be read at ${event.provider}: ${answer.reason}.`;
      throw paymentsCardFail('payments_card.provider_unavailable', message);
    }
    const finished = (state: 'processed' | 'ignored') =>
      deps.events.finish(event.id, state, new Date(deps.wallClock.nowMs()));
    if (answer.outcome === 'none') {
      await deps.unitOfWork.commit({ writes: [finished('ignored')], messages: [], audit: [] });
      return;
    }
    const { subscription, customerReference } = answer;
    const after: MirroredSubscription = { subscription, version: deps.nextVersion(before?.version ?? 0) };
    const isNews = before === null || !isSame(before, after);
    const { accountId, provider } = subscription;
    const customer = { provider, customerReference, createdAt: deps.clock.now() };
    const writes: readonly Write[] = isNews
      ? [
          deps.mirrored.save(before, after),
          // So that the customer's portal opens for the account.
          ...(accountId === null ? [] : [deps.methods.keepCustomer({ ...customer, accountId })]),
        ]
      : [];
    await deps.unitOfWork.commit({
      writes: [...writes, finished('processed')],
      messages: isNews ? [{ type: 'legacy-subscription.reported', mirrored: after }] : [],
      // Nobody acted here: what follows from it is recorded where it changes what a customer has.
      audit: [],
      correlationId: reference,
    });
  };

const isSame = (left: MirroredSubscription, right: MirroredSubscription): boolean => textOf(left) === textOf(right);

const textOf = ({ subscription }: MirroredSubscription): string =>
  JSON.stringify(subscription, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

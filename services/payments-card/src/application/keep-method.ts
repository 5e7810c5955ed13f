import { type AccountId, type Clock, type Id, type NewId, type UnitOfWork } from '@quittance/kernel';

import { paymentsCardFail } from '../domain/errors.ts';
import { type CardMessage } from '../domain/messages.ts';
import { type CardProvider, type StoredMethods } from './ports.ts';

export interface KeepMethodInput {
  readonly accountId: AccountId;
  /** What it came with. */
  readonly subscriptionId: Id<'sub'>;
  readonly customerReference: string;
  readonly methodReference: string | null;
}

export type KeepMethod = (input: KeepMethodInput) => Promise<void>;

interface Deps {
  readonly provider: CardProvider;
  readonly methods: StoredMethods;
  readonly unitOfWork: UnitOfWork<CardMessage>;
  readonly clock: Clock;
  readonly newId: NewId;
}

/**
 * Who an account that came from elsewhere is at the provider, and what of theirs may be charged. Whether it still can
 * be is known when it is charged: a refusal is a failed charge like any other.
 * @throws payments_card.method_of_another
 */
export const makeKeepMethod =
  ({ provider, methods, unitOfWork, clock, newId }: Deps): KeepMethod =>
  async ({ accountId, subscriptionId, customerReference, methodReference }) => {
    const owner = methodReference === null ? null : await methods.ownerOf(methodReference, provider.name);
    if (owner !== null && owner !== accountId) {
      const message = `${String(methodReference)} came with ${subscriptionId} of account ${accountId}, and belongs to ${owner}.`;
      throw paymentsCardFail('payments_card.method_of_another', message);
    }
    const kept = { accountId, provider: provider.name, customerReference, createdAt: clock.now() };
    const isNew = methodReference !== null && owner === null;
    await unitOfWork.commit({
      writes: [
        methods.keepCustomer(kept),
        ...(isNew ? [methods.keep({ ...kept, id: newId('spm'), methodReference, cameWith: subscriptionId })] : []),
      ],
      messages: [],
      audit: [
        {
          action: isNew ? 'payment_method.kept' : 'provider_customer.kept',
          subject: { type: 'subscription', id: subscriptionId },
          accountId,
          reason: 'It came with a subscription of an earlier platform.',
          after: { provider: provider.name, customerReference, methodReference },
        },
      ],
    });
  };

import { type AccountId, type UnitOfWork } from '@quittance/kernel';

import { paymentsCardFail } from '../domain/errors.ts';
import { type CardMessage } from '../domain/messages.ts';
import { type BillingPortal, type CardProvider, type StoredMethods } from './ports.ts';

export type OpenPortal = (visit: {
  readonly accountId: AccountId;
  readonly returnUrl: string | null;
}) => Promise<{ readonly url: string }>;

interface Deps {
  readonly provider: Pick<CardProvider, 'name'>;
  readonly portal: BillingPortal;
  readonly methods: Pick<StoredMethods, 'customerOf'>;
  readonly unitOfWork: UnitOfWork<CardMessage>;
}

/**
 * A link into the provider's own pages. It moves no money and changes nothing here: a link that is lost on the way is
 * simply asked for again, and what is done behind it comes back as events.
 * @throws payments_card.portal_not_configured, payments_card.portal_without_customer, payments_card.provider_unavailable
 */
export const makeOpenPortal =
  ({ provider, portal, methods, unitOfWork }: Deps): OpenPortal =>
  async ({ accountId, returnUrl }) => {
    const customerReference = await methods.customerOf(accountId, provider.name);
    if (customerReference === null) {
      const message = `Account ${accountId} is no customer at ${provider.name} yet.`;
      throw paymentsCardFail('payments_card.portal_without_customer', message);
    }
    const answer = await portal.openPortal({ customerReference, returnUrl });
    if (answer.outcome === 'not_configured') {
      throw paymentsCardFail('payments_card.portal_not_configured', `${provider.name} has no customer portal set up.`);
    }
    if (answer.outcome === 'refused') throw paymentsCardFail(answer.code, answer.message);
    if (answer.outcome === 'unknown') {
      const message = `${provider.name} could not be asked for the portal: ${answer.reason}.`;
      throw paymentsCardFail('payments_card.provider_unavailable', message);
    }
    await unitOfWork.commit({
      writes: [],
      messages: [],
      audit: [
        {
          action: 'portal_session.created',
          subject: { type: 'portal_session', id: answer.reference },
          accountId,
          after: { provider: provider.name, returnUrl },
        },
      ],
    });
    return { url: answer.url };
  };

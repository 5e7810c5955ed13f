import { KeepMethod, outgoing, type OutgoingMessage, RememberBuyer } from '@quittance/contracts';

import { type SubscriptionMessage } from '../domain/messages.ts';

/** What an imported row says of its customer, told to those who own it. */
export const toImportMessage = (
  message: Extract<SubscriptionMessage, { type: 'remember_buyer' | 'keep_method' }>,
): OutgoingMessage => {
  const { subscriptionId, accountId } = message;
  if (message.type === 'remember_buyer') {
    const { country, currency } = message;
    return outgoing(RememberBuyer, {
      id: `${subscriptionId}:remember-buyer`,
      subject: accountId,
      data: { accountId, country, currency },
    });
  }
  const { customerReference, methodReference } = message;
  return outgoing(KeepMethod, {
    id: `${subscriptionId}:keep-method`,
    subject: accountId,
    data: { accountId, subscriptionId, customerReference, methodReference },
  });
};

import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { listObjects, readObject } from './objects.ts';
import { missingObject } from './stripe-error.ts';

export const retrieveEvent = async (call: StripeCall): Promise<Stripe.EventBase> => {
  const id = call.path['id'] ?? '';
  const event = await readObject(call.tx, 'event', id);
  if (event === null) throw missingObject('event', id);
  return event;
};

export const listEvents = (call: StripeCall): Promise<Stripe.ApiList<Stripe.EventBase>> => {
  call.params.ignore('delivery_success');
  return listObjects(call.tx, 'event', { params: call.params, url: '/v1/events', fields: ['type'] });
};

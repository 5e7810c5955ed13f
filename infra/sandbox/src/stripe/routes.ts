import { retrieveBalance, retrieveBalanceTransaction } from './balance.ts';
import { type StripeCall } from './call.ts';
import { listCharges, retrieveCharge } from './charges.ts';
import { createCustomer, deleteCustomer, listCustomers, retrieveCustomer, updateCustomer } from './customers.ts';
import { listEvents, retrieveEvent } from './events.ts';
import { retrieveOwnSubscription } from './own-subscriptions.ts';
import {
  cancelPaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
  listPaymentIntents,
  retrievePaymentIntent,
  updatePaymentIntent,
} from './payment-intents.ts';
import {
  attachPaymentMethod,
  createPaymentMethod,
  detachPaymentMethod,
  listPaymentMethods,
  retrievePaymentMethod,
} from './payment-methods.ts';
import { createPortalSession } from './portal-sessions.ts';
import { createRefund, listRefunds, retrieveRefund, updateRefund } from './refunds.ts';
import { createSession, expireSessionNow, listLineItems, listSessions, retrieveSession } from './sessions.ts';
import { createSetupIntent, retrieveSetupIntent } from './setup-intents.ts';

export interface StripeRoute {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly run: (call: StripeCall) => Promise<object>;
}

/** Everything the stand-in answers; whatever is not here is 404 in Stripe's shape. */
export const STRIPE_ROUTES: readonly StripeRoute[] = [
  { method: 'post', path: '/v1/customers', run: createCustomer },
  { method: 'get', path: '/v1/customers', run: listCustomers },
  { method: 'get', path: '/v1/customers/:id', run: retrieveCustomer },
  { method: 'post', path: '/v1/customers/:id', run: updateCustomer },
  { method: 'delete', path: '/v1/customers/:id', run: deleteCustomer },
  { method: 'get', path: '/v1/customers/:customer/payment_methods', run: listPaymentMethods },
  { method: 'post', path: '/v1/checkout/sessions', run: createSession },
  { method: 'get', path: '/v1/checkout/sessions', run: listSessions },
  { method: 'get', path: '/v1/checkout/sessions/:id', run: retrieveSession },
  { method: 'post', path: '/v1/checkout/sessions/:id/expire', run: expireSessionNow },
  { method: 'get', path: '/v1/checkout/sessions/:id/line_items', run: listLineItems },
  { method: 'post', path: '/v1/payment_intents', run: createPaymentIntent },
  { method: 'get', path: '/v1/payment_intents', run: listPaymentIntents },
  { method: 'get', path: '/v1/payment_intents/:id', run: retrievePaymentIntent },
  { method: 'post', path: '/v1/payment_intents/:id', run: updatePaymentIntent },
  { method: 'post', path: '/v1/payment_intents/:id/confirm', run: confirmPaymentIntent },
  { method: 'post', path: '/v1/payment_intents/:id/cancel', run: cancelPaymentIntent },
  { method: 'post', path: '/v1/payment_methods', run: createPaymentMethod },
  { method: 'get', path: '/v1/payment_methods', run: listPaymentMethods },
  { method: 'get', path: '/v1/payment_methods/:id', run: retrievePaymentMethod },
  { method: 'post', path: '/v1/payment_methods/:id/attach', run: attachPaymentMethod },
  { method: 'post', path: '/v1/payment_methods/:id/detach', run: detachPaymentMethod },
  { method: 'post', path: '/v1/setup_intents', run: createSetupIntent },
  { method: 'get', path: '/v1/setup_intents/:id', run: retrieveSetupIntent },
  { method: 'post', path: '/v1/refunds', run: createRefund },
  { method: 'get', path: '/v1/refunds', run: listRefunds },
  { method: 'get', path: '/v1/refunds/:id', run: retrieveRefund },
  { method: 'post', path: '/v1/refunds/:id', run: updateRefund },
  { method: 'get', path: '/v1/charges', run: listCharges },
  { method: 'get', path: '/v1/charges/:id', run: retrieveCharge },
  { method: 'get', path: '/v1/subscriptions/:id', run: retrieveOwnSubscription },
  { method: 'post', path: '/v1/billing_portal/sessions', run: createPortalSession },
  { method: 'get', path: '/v1/events', run: listEvents },
  { method: 'get', path: '/v1/events/:id', run: retrieveEvent },
  { method: 'get', path: '/v1/balance', run: retrieveBalance },
  { method: 'get', path: '/v1/balance_transactions/:id', run: retrieveBalanceTransaction },
];

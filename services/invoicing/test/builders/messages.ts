import {
  CancelInvoice,
  CancelRenewalInvoice,
  type Envelope,
  type MessageDefinition,
  OpenInvoice,
  OrderExpired,
  OrderFailed,
  PaymentCompleted,
  PaymentFailed,
  RememberBuyer,
  type ServiceName,
} from '@quittance/contracts';
import { type AccountId, isAccountId, makeNewId, must } from '@quittance/kernel';
import { builder } from '@quittance/testkit';
import { type z } from 'zod';

export const newId = makeNewId(() => Date.parse('2026-03-02T09:00:00Z'));

export const accountOf = (name: string): AccountId => {
  if (!isAccountId(name)) throw new Error(`not an account id: ${name}`);
  return name;
};

const period = { start: '2026-03-02T09:00:00.000Z', end: '2026-04-02T09:00:00.000Z' };

/** One month of a plan at 99.00 € before tax, bought from France. */
export const anOpenInvoice = builder((): z.infer<typeof OpenInvoice.data> => ({
  kind: 'checkout',
  accountId: accountOf('acc-1'),
  productId: newId('prd'),
  subscriptionId: newId('sub'),
  checkoutId: newId('chk'),
  changeId: null,
  currency: 'EUR',
  period,
  lines: [
    {
      description: 'Pro, monthly',
      quantity: 1,
      unitPrice: { amount: 9900, currency: 'EUR' },
      taxBehavior: 'exclusive',
      period,
    },
  ],
  buyerCountry: 'FR',
  collect: {
    kind: 'checkout',
    rail: 'card',
    returnUrls: { success: 'https://app.example/done', cancel: 'https://app.example/back' },
  },
}));

type OrderFacts = z.infer<typeof OrderExpired.data>;

/** The next month of a subscription, collected without its customer. */
export const aRenewal = (overrides: Partial<z.infer<typeof OpenInvoice.data>> = {}) =>
  anOpenInvoice({
    kind: 'renewal',
    checkoutId: null,
    buyerCountry: null,
    collect: { kind: 'automatic' },
    ...overrides,
  });

/** Money for an order: 118.80 € unless told otherwise. */
export const aPayment = (order: OrderFacts, overrides: Partial<z.infer<typeof PaymentCompleted.data>> = {}) => ({
  ...order,
  paymentId: newId('pay'),
  providerReference: `pi_${order.orderId}`,
  method: { kind: 'card', brand: 'visa', last4: '4242' },
  capturedAt: '2026-03-02T09:05:00.000Z',
  ...overrides,
});

let messages = 0;

/** An envelope as the sender's relay would publish it. */
export const envelopeOf = (
  definition: MessageDefinition,
  data: Envelope['data'],
  overrides: Partial<Envelope> = {},
): Envelope => {
  messages += 1;
  const source: ServiceName = must(definition.producers[0], 'a producer');
  return {
    specversion: '1.0',
    id: `test-message-${messages}`,
    source,
    type: definition.type,
    subject: 'test',
    time: '2026-03-02T09:00:00.000Z',
    datacontenttype: 'application/json',
    correlationid: typeof data['checkoutId'] === 'string' ? data['checkoutId'] : 'test-correlation',
    causationid: 'test',
    actorkind: 'system',
    actorid: 'test',
    version: 0,
    data,
    ...overrides,
  };
};

export const definitions = {
  CancelInvoice,
  CancelRenewalInvoice,
  OpenInvoice,
  OrderExpired,
  OrderFailed,
  PaymentCompleted,
  PaymentFailed,
  RememberBuyer,
};

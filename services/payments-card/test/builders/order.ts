import { type AccountId, assert, type Id, isAccountId, isId } from '@quittance/kernel';
import { type Money, money } from '@quittance/money';

import { decideOpened, newOrder } from '../../src/domain/decide-opening.ts';
import { type Order, type Session } from '../../src/domain/order.ts';
import { type Reading } from '../../src/domain/reading.ts';

export const idOf = <Prefix extends string>(prefix: Prefix, end = '0'): Id<Prefix> => {
  const id = `${prefix}_01j8zq4m7e8b2c3d4f5g6h7k${end.padStart(2, '0')}`;
  assert(isId(prefix, id), `not an id: ${id}`);
  return id;
};

export const ACCOUNT: AccountId = (() => {
  const id = 'acc-neutral';
  assert(isAccountId(id), id);
  return id;
})();

export const NOW = new Date('2026-03-02T09:00:00.000Z');
export const WHEN = { now: NOW, providerNow: NOW, sweepIntervalMs: 60_000 };
export const PRICE: Money = money(2400n, 'EUR');

export const SESSION: Session = {
  reference: 'cs_test_1',
  payUrl: 'https://checkout.stripe.com/c/pay/cs_test_1',
  payUntil: new Date('2026-03-02T09:35:00.000Z'),
};

/** As accepted and not yet sent; overrides are for what a test is about. */
export const anOrder = (overrides: Partial<Order> = {}): Order => ({
  ...newOrder(
    {
      id: idOf('ord'),
      accountId: ACCOUNT,
      invoiceId: idOf('inv'),
      checkoutId: idOf('chk'),
      correlationId: idOf('chk'),
      provider: 'stripe',
      amount: PRICE,
      createdAt: NOW,
    },
    { mode: 'payment' },
    NOW,
  ),
  firstSentAt: NOW,
  ...overrides,
});

export const anOpenOrder = (overrides: Partial<Order> = {}): Order => ({
  ...decideOpened(anOrder(), SESSION, WHEN).order,
  ...overrides,
});

/** Nobody has paid yet. */
export const aReading = (overrides: Partial<Reading> = {}): Reading => ({
  orderId: idOf('ord'),
  session: SESSION,
  status: 'open',
  money: 'unpaid',
  amount: { units: 2400n, currency: 'EUR' },
  payment: null,
  decline: null,
  ...overrides,
});

export const aPaidReading = (overrides: Partial<Reading> = {}): Reading =>
  aReading({
    status: 'complete',
    money: 'paid',
    payment: {
      reference: 'pi_1',
      attemptReference: 'ch_1',
      amount: { units: 2400n, currency: 'EUR' },
      capturedAt: new Date('2026-03-02T09:01:00.000Z'),
      method: { kind: 'card', brand: 'visa', last4: '4242' },
      reusable: { customerReference: 'cus_1', methodReference: 'pm_1' },
    },
    ...overrides,
  });

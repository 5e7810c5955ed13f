import { randomUUID } from 'node:crypto';

import { ChangeSubscription, GetSubscription, ListInvoices } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { CARDS, makeShopper, until, type Wish } from '@quittance/local';

import { checkInvariants } from '../faults/invariants.ts';
import { openTruths } from '../faults/truths.ts';
import { type PrivateSuiteOptions, startPrivateSuite } from './private-suite.ts';
import { sandboxClock } from './sandbox-clock.ts';

/** One customer and the subscription that the story is about. */
export interface Subscriber {
  readonly account: string;
  readonly token: string;
  readonly id: string;
}

export type TimedGround = Awaited<ReturnType<typeof startTimedGround>>;

/** A suite whose clock is moved, and what a customer does and everybody's books say on the way. */
export const startTimedGround = async (options: PrivateSuiteOptions) => {
  const suite = await startPrivateSuite(options);
  const shopper = makeShopper(suite.facts);
  const clock = sandboxClock(suite.facts);
  const truths = openTruths(suite.facts);
  const [service, finance] = await Promise.all([shopper.token('whatsapp-qr'), shopper.token('finance')]);

  const newCustomer = async () => {
    const account = `acc_${randomUUID().slice(0, 8)}`;
    return { account, token: await shopper.customerToken(account) };
  };
  const read = ({ token, id }: Subscriber) => shopper.call(GetSubscription, { token, params: { id } });

  /** The hosted page, as far as a good card and back. */
  const payAt = async (token: string, checkoutId: string): Promise<void> => {
    const open = await until(
      'a page to pay at',
      () => shopper.checkoutSession(token, checkoutId),
      ({ payUrl }) => payUrl !== null,
    );
    await shopper.pay(must(open.payUrl, 'pay url'), CARDS.succeeds);
    await until(
      'the payment to take effect',
      () => shopper.checkoutSession(token, checkoutId, '5s'),
      ({ status }) => status === 'completed',
    );
  };

  const buy = async (wish: Wish): Promise<Subscriber> => {
    const customer = await newCustomer();
    const session = await until(
      'the catalogue reaches the checkout',
      () => shopper.checkout(customer.token, wish).catch(() => null),
      { enough: (answer) => answer !== null, everyMs: 200 },
    );
    const { id, subscriptionId } = must(session, 'a checkout');
    await payAt(customer.token, id);
    return { ...customer, id: subscriptionId };
  };

  /** Commits a change and pays whatever it costs. */
  const change = async ({ token, id }: Subscriber, body: { readonly planId?: string }) => {
    const committed = await shopper.call(ChangeSubscription, {
      token,
      params: { id },
      body: { ...body, successUrl: 'https://shop.example/return', cancelUrl: 'https://shop.example/cancelled' },
      idempotencyKey: randomUUID(),
    });
    if (committed.checkout !== null) await payAt(token, committed.checkout.id);
    return committed.change;
  };

  /** What the provider took from the account, in minor units, oldest first. */
  const chargesOf = async ({ account }: Subscriber): Promise<readonly number[]> => {
    const orders = await truths.rows<{ id: string }>('payments-card', 'SELECT id FROM orders WHERE account_id = $1', [
      account,
    ]);
    const own = new Set(orders.map(({ id }) => id));
    const { charges } = await truths.books();
    return charges
      .filter(
        ({ captured, status, metadata }) => captured && status === 'succeeded' && own.has(metadata['order'] ?? ''),
      )
      .map(({ amount }) => amount);
  };

  /** Kind, first day and amounts of every invoice, in the order of the periods they bill. */
  const invoicesOf = async ({ token }: Subscriber) => {
    const { data } = await shopper.call(ListInvoices, { token, query: { limit: '100' } });
    return data
      .toSorted((a, b) => (a.period.start < b.period.start ? -1 : 1))
      .map(({ kind, status, period, totals: { subtotal, tax, total } }) => ({
        what: `${kind} ${status}`,
        from: period.start.slice(0, 10),
        amounts: [subtotal.amount, tax.amount, total.amount],
      }));
  };

  /** What a platform service is told about the account, and how many messages it may use. */
  const accessOf = async ({ account }: Subscriber, product: string) => {
    const { allowed, reason, plan, limit } = await shopper.check(service, { account, product, feature: 'messages' });
    return { allowed, reason, plan, limit };
  };

  return {
    shopper,
    clock,
    finance,
    newCustomer,
    read,
    buy,
    change,
    chargesOf,
    invoicesOf,
    accessOf,
    /** Resolves once every book, ledger, message and record agrees; else says what does not. */
    untilSound: () =>
      until('every invariant', () => checkInvariants(truths), { enough: ({ length }) => length === 0, everyMs: 200 }),
    stop: async () => {
      await truths.end();
      await suite.stop();
    },
  };
};

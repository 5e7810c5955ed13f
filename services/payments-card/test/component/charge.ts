import { ChargeOrder, type Envelope, outgoing } from '@quittance/contracts';
import { type AccountId, assert, type Id, isAccountId, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { Stripe } from 'stripe';

import { publish, trailOf, uniqueHeard } from './purchase.ts';
import { STRIPE_KEY, type World } from './world.ts';

/** One automatic charge as invoicing asks for it, and what happens to it. */
export interface ChargeUnderTest {
  readonly orderId: Id<'ord'>;
  readonly invoiceId: Id<'inv'>;
  send(): Promise<void>;
  heard(type: string): Promise<Envelope>;
  told(): readonly string[];
  trail(): readonly string[];
  order(): Promise<{ readonly state: string; readonly unknownSince: Date | null }>;
  /** Successful ones in the provider's books. */
  captures(): Promise<number>;
}

export const aCharge = (
  world: World,
  accountId: AccountId,
  { attempt = 1, amount = 2400, invoiceId = world.newId('inv') } = {},
): ChargeUnderTest => {
  const orderId = world.newId('ord');
  const correlationId = `renewal-of-${invoiceId}`;
  const about = () =>
    uniqueHeard(world).filter(({ subject, type }) => subject === orderId && !type.startsWith('audit.'));
  const data = { orderId, invoiceId, attempt, accountId, amount: { amount, currency: 'EUR' }, description: 'Pro' };
  return {
    orderId,
    invoiceId,
    send: () =>
      publish(
        world,
        correlationId,
        outgoing(ChargeOrder, { id: `charge:${invoiceId}:${attempt}`, subject: orderId, data }),
      ),
    heard: (type) =>
      waitFor(() => about().find((envelope) => envelope.type === type) ?? null, {
        what: `${type} of ${orderId}`,
        deadlineMs: 40_000,
      }),
    told: () => about().map(({ type }) => type),
    trail: () => trailOf(world, correlationId),
    order: () => world.database.client.order.findUniqueOrThrow({ where: { id: orderId } }),
    captures: async () =>
      (await world.books()).charges.filter(({ captured, metadata }) => captured && metadata['order'] === orderId)
        .length,
  };
};

/** An account with a card on file, put there as a checkout would have. */
export const accountWithCard = async (world: World, magicId: string): Promise<AccountId> => {
  const account = `acc-${world.newId('tst').slice(4)}`;
  assert(isAccountId(account), account);
  const { hostname, port } = new URL(world.sandbox.url);
  const stripe = new Stripe(STRIPE_KEY, { host: hostname, port: Number(port), protocol: 'http' });
  const customer = await stripe.customers.create({ name: account });
  const method = await stripe.paymentMethods.attach(magicId, { customer: customer.id });
  await world.database.client.storedMethod.create({
    data: {
      id: world.newId('spm'),
      accountId: account,
      provider: 'stripe',
      customerReference: customer.id,
      methodReference: method.id,
      kind: 'card',
      brand: 'visa',
      last4: must(method.card, 'card').last4,
      orderId: world.newId('ord'),
      createdAt: world.clock.now(),
    },
  });
  return account;
};

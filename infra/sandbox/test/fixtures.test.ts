import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'chai';
import { z } from 'zod';

import { startGround } from './sandbox-ground.ts';

const file = path.resolve(import.meta.dirname, '../../../../shared/oracles/stripe/fixtures3.json');
const Fixtures = z.object({ resources: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** In the published fixtures, and gone from (or only expandable in) the API version of the SDK. */
const NOT_ANSWERED: Readonly<Record<string, readonly string[]>> = {
  charge: ['refunds'],
};

describe('our objects beside Stripe’s published fixtures', () => {
  if (!existsSync(file)) {
    process.stdout.write(
      'Stripe fixtures are not compared: there is no ../shared/oracles/stripe beside this checkout\n',
    );
    return;
  }
  const { resources } = Fixtures.parse(JSON.parse(readFileSync(file, 'utf8')));

  it('have every field of a session, intent, charge, refund, customer, payment method and event', async () => {
    const ground = await startGround();
    try {
      const { id } = await ground.session({ customer_creation: 'always' });
      await ground.pay(id, { card: '4242424242424242' });
      const [charge] = (await ground.stripe.charges.list()).data;
      await ground.stripe.refunds.create({ charge: charge?.id ?? '' });
      const lists: Promise<{ readonly data: readonly object[] }>[] = [
        ground.stripe.checkout.sessions.list(),
        ground.stripe.paymentIntents.list(),
        ground.stripe.charges.list(),
        ground.stripe.refunds.list(),
        ground.stripe.customers.list(),
        ground.stripe.events.list(),
      ];
      const ours: object[] = (await Promise.all(lists)).flatMap(({ data }) => data.slice(0, 1));
      ours.push(await ground.stripe.paymentMethods.retrieve(charge?.payment_method ?? ''));

      const missing = ours.flatMap((object) => {
        const kind = 'object' in object ? String(object.object) : '';
        const absent = Object.keys(resources[kind] ?? {}).filter((field) => !(field in object));
        return absent.filter((field) => !(NOT_ANSWERED[kind] ?? []).includes(field)).map((field) => `${kind}.${field}`);
      });

      expect(ours).to.have.length(7);
      expect(missing).to.deep.equal([]);
    } finally {
      await ground.stop();
    }
  });
});

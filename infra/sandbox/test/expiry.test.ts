import { fakeClock } from '@quittance/testkit';
import { expect } from 'chai';

import { startGround } from './sandbox-ground.ts';

describe('the life of a Checkout Session', () => {
  it('ends at its time by itself, and says so', async () => {
    const clock = fakeClock();
    const ground = await startGround({ clock });
    try {
      const expiresAt = Math.floor(clock.now().getTime() / 1000) + 35 * 60;
      const session = await ground.session({ expires_at: expiresAt });

      clock.advance({ minutes: 36 });

      const event = await ground.receiver.waitForType('checkout.session.expired', session.id);
      expect(event.data.object).to.include({ id: session.id, status: 'expired' });
      expect((await ground.pay(session.id, { card: '4242424242424242' })).status).to.equal(410);
    } finally {
      await ground.stop();
    }
  });
});

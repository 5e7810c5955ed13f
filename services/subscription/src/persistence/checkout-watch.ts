import { type RowWaiter } from '@quittance/database';

import { type Checkouts, type CheckoutWatch } from '../application/index.ts';

const CHANNEL = 'checkout';

/** Waiting on the row itself, so that it does not matter which replica hears the news. */
export const makeCheckoutWatch = (rowWaiter: RowWaiter, checkouts: Checkouts): CheckoutWatch => ({
  changed: (checkoutId) => rowWaiter.notify(CHANNEL, checkoutId),
  until: async (checkoutId, enough, timeoutMs) => {
    const look = async () => {
      const checkout = await checkouts.find('every_account', checkoutId);
      return checkout && enough(checkout) ? checkout : null;
    };
    await rowWaiter.waitFor(CHANNEL, checkoutId, look, timeoutMs);
  },
});

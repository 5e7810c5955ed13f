import { ReceiveStripeWebhook } from '@quittance/contracts';

import { type Ground } from './ground.ts';
import { forEach } from './send.ts';
import { PLANTED } from './values.ts';
import { genuineEvent, signedHeader } from './webhook-mutations.ts';

/** The provider's own events with each card number in a note, as a name and in JSON inside; how many there were. */
export const tellOfCards = async (ground: Ground): Promise<number> => {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const secret = ground.suite.facts.secrets.stripeWebhookSecret;
  const places = ground.callers.placesOf(ReceiveStripeWebhook);
  const asked = PLANTED.flatMap((card, index) =>
    places.map((place) => ({ card, place, id: `evt_told_${index}_${place.name}` })),
  );
  await forEach(asked, async ({ card, place, id }) => {
    const told = { note: `called about ${card}`, [card]: 'x', nested: JSON.stringify([{ card }]) };
    const body = genuineEvent(id, nowSeconds, told);
    const signature = { 'stripe-signature': signedHeader(body, secret, nowSeconds) };
    const shot = { method: 'POST', path: ReceiveStripeWebhook.path, headers: signature, body };
    await ground.ask({ contract: ReceiveStripeWebhook, place, what: id, shot, expected: { statuses: [200] } });
  });
  return asked.length;
};

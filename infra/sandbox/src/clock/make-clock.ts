import { type Clock } from '@quittance/kernel';
import { type Router } from 'express';

import { type SandboxDatabase } from '../database.ts';
import { expireDueSessions, nextSessionExpiry } from '../stripe/session-expiry.ts';
import { callIn, type StripeWorld } from '../stripe/stripe-world.ts';
import { type Webhooks } from '../stripe/webhooks.ts';
import { type WorldWork } from './advance.ts';
import { makeClockRouter } from './clock-router.ts';
import { openMovedClock } from './moved-clock.ts';
import { makeParticipants } from './participants.ts';

export interface SandboxClock extends Clock {
  /** `/sandbox/clock` and what the processes of the suite report to. */
  routerFor(work: WorldWork): Router;
}

/** The one clock of the suite: kept here, moved on request, followed by every process. */
export const openSandboxClock = async (database: SandboxDatabase, base: Clock): Promise<SandboxClock> => {
  const clock = await openMovedClock(database, base);
  const moving = { count: 0 };
  const participants = makeParticipants(() => moving.count > 0);
  return { now: clock.now, routerFor: (world) => makeClockRouter({ clock, participants, world, moving }) };
};

/** What the played provider does when its time comes: sessions expire, and webhooks tell of it. */
export const providerWork = (world: StripeWorld, webhooks: Webhooks): WorldWork => ({
  tick: async () => {
    const expired = await world.database.transaction((tx) => expireDueSessions(callIn(world, tx)));
    if (expired > 0) webhooks.wake();
  },
  quiet: async () => !webhooks.delivers() || (await webhooks.backlog()).pending === 0,
  nextDueAt: () => nextSessionExpiry(world.database),
});

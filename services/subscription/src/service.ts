import { nextVersion } from '@quittance/database';
import { assembleService, type RunningService, type ServiceDeps } from '@quittance/service';

import {
  makeActivateSubscription,
  makeBeat,
  makeBeginCheckout,
  makeKeepPlan,
  makeProgressCheckout,
  makeReadCheckout,
  makeReadSubscriptions,
  type Subscriptions,
} from './application/index.ts';
import { type SubscriptionConfig } from './config.ts';
import { subscriptionErrors } from './domain/errors.ts';
import { type SubscriptionMessage } from './domain/messages.ts';
import { routes } from './http/routes.ts';
import { makeBeatLoop } from './jobs/beat.ts';
import { bindings } from './messaging/bindings.ts';
import { toOutgoingMessage } from './messaging/convert.ts';
import { makeCheckoutWatch } from './persistence/checkout-watch.ts';
import { makeCheckouts } from './persistence/checkouts.ts';
import { PrismaClient } from './persistence/generated/client.ts';
import { makeParkedWork } from './persistence/parked-work.ts';
import { makePlans } from './persistence/plans.ts';
import { makeSubscriptions } from './persistence/subscriptions.ts';

export { subscriptionConfig } from './config.ts';

const ATTENTION_MAX = 500;

export const buildService = (deps: ServiceDeps<SubscriptionConfig>): RunningService =>
  assembleService({
    name: 'subscription',
    deps,
    makeClient: (adapter) => new PrismaClient({ adapter }),
    toOutgoing: toOutgoingMessage,
    build: (kit) => {
      const { client, unitOfWork, clock, wallClock, newId, logger } = kit;
      const plans = makePlans(kit.database);
      const subscriptions = makeSubscriptions(kit.database, plans);
      const checkouts = makeCheckouts(kit.database);
      const parkedWork = makeParkedWork(client);
      const watch = makeCheckoutWatch(kit.rowWaiter, checkouts);
      const shared = {
        plans,
        subscriptions,
        checkouts,
        parkedWork,
        unitOfWork,
        watch,
        clock,
        newId,
        nextVersion: (previous: number) => nextVersion(previous, wallClock.nowMs()),
      };
      return {
        routes: routes({
          beginCheckout: makeBeginCheckout(shared),
          readCheckout: makeReadCheckout(shared),
          readSubscriptions: makeReadSubscriptions(shared),
        }),
        bindings: bindings({
          keepPlan: makeKeepPlan(shared),
          activate: makeActivateSubscription(shared),
          progress: makeProgressCheckout(shared),
        }),
        jobs: [
          makeBeatLoop({
            beat: makeBeat({ unitOfWork, wallClock }),
            intervalMs: kit.config.BEAT_INTERVAL_MS,
            wallClock,
            logger,
          }),
        ],
        errors: subscriptionErrors,
        attention: () => parkedWork.listOpen(ATTENTION_MAX),
        republish: (since) => entitlementMessages(subscriptions, since),
      };
    },
  });

async function* entitlementMessages(
  subscriptions: Subscriptions,
  since: Date | null,
): AsyncGenerator<SubscriptionMessage> {
  for await (const document of subscriptions.documentsSince(since)) yield { type: 'entitlements_changed', document };
}

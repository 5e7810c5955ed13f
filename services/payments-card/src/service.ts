import { nextVersion } from '@quittance/database';
import { durableStep, requireOperation, runInOperation } from '@quittance/runtime';
import { assembleService, type Kit, type RunningService, type ServiceDeps } from '@quittance/service';

import {
  makeAcceptCharges,
  makeAcceptOrder,
  makeCloseOrder,
  makeDenialCounter,
  makeGetOrder,
  makeKeepMethod,
  makeListAttention,
  makeListOrders,
  makeMirrorSubscription,
  makeOpenPortal,
  makeLookAhead,
  makeProcessEvent,
  makeReceiveWebhook,
  makeRecheckOrder,
  makeWorkOrder,
  type ReceiveWebhookDeps,
  type MirroredSubscriptions,
  type OrderStore,
} from './application/index.ts';
import { isLiveKey, type PaymentsCardConfig } from './config.ts';
import { paymentsCardErrors } from './domain/errors.ts';
import { type CardMessage } from './domain/messages.ts';
import { leaseMs } from './domain/schedule.ts';
import { routes } from './http/routes.ts';
import { makeDenialLoop, makeEventLoop, makeOrderLoop } from './jobs/loops.ts';
import { bindings } from './messaging/bindings.ts';
import { toOutgoingMessage } from './messaging/convert.ts';
import { PrismaClient } from './persistence/generated/client.ts';
import { makeMirroredSubscriptions } from './persistence/mirrored-subscriptions.ts';
import { makeOrders } from './persistence/orders.ts';
import { makeProviderEvents } from './persistence/provider-events.ts';
import { makeStoredMethods } from './persistence/stored-methods.ts';
import { withDurableSteps } from './providers/durable-provider.ts';
import { makeStripeClient } from './providers/stripe-client.ts';
import { makeStripeLegacy } from './providers/stripe-legacy.ts';
import { makeStripePortal } from './providers/stripe-portal.ts';
import { makeStripeProvider } from './providers/stripe-provider.ts';
import { makeStripeWebhook } from './providers/stripe-webhook.ts';

export { paymentsCardConfig } from './config.ts';

/** Charges come by the thousand, and are accepted as many at a time as have come. */
const TAKEN_AT_ONCE = 100;

export const buildService = (deps: ServiceDeps<PaymentsCardConfig>): RunningService =>
  assembleService({
    name: 'payments-card',
    deps,
    makeClient: (adapter) => new PrismaClient({ adapter }),
    toOutgoing: toOutgoingMessage,
    build: (kit) => {
      const { unitOfWork, wallClock, logger, config } = kit;
      const orders = makeOrders(kit.database);
      const events = makeProviderEvents(kit.database);
      const mirrored = makeMirroredSubscriptions(kit.client);
      const { provider, verifier, legacy, portal } = openStripe(kit);
      const denials = makeDenialCounter(provider.name, unitOfWork);
      const shared = {
        ...kit,
        orders,
        methods: makeStoredMethods(kit.client),
        events,
        mirrored,
        legacy,
        provider,
        verifier,
        nextVersion: (previous: number) => nextVersion(previous, wallClock.nowMs()),
        sweepIntervalMs: config.SWEEP_INTERVAL_MS,
      };
      const worker = { wallClock, logger, leaseMs: leaseMs(config.STRIPE_DEADLINE_MS) };
      const orderLoop = makeOrderLoop({ ...worker, orders, workOrder: makeWorkOrder(shared) });
      const eventLoop = makeEventLoop({
        ...worker,
        events,
        processEvent: makeProcessEvent({ ...shared, mirrorSubscription: makeMirrorSubscription(shared) }),
      });
      const denialLoop = makeDenialLoop({ wallClock, logger, denials, intervalMs: config.DENIAL_WINDOW_MS });
      const ofOrders = { ...shared, wake: () => orderLoop.wake() };
      return {
        routes: routes({
          listOrders: makeListOrders(orders),
          getOrder: makeGetOrder(orders),
          openPortal: makeOpenPortal({ ...shared, portal }),
          receiveWebhook: makeReceiveWebhook({
            ...shared,
            countDenial: denials.count,
            asProvider,
            takePlace: () => eventLoop.takePlace(),
            lookAhead: makeLookAhead(shared),
            wake: () => eventLoop.wake(),
          }),
        }),
        bindings: bindings({
          acceptOrder: makeAcceptOrder(ofOrders),
          acceptCharges: makeAcceptCharges(ofOrders),
          closeOrder: makeCloseOrder(ofOrders),
          recheckOrder: makeRecheckOrder(ofOrders),
          keepMethod: makeKeepMethod(shared),
        }),
        prefetch: TAKEN_AT_ONCE,
        jobs: [orderLoop, eventLoop, denialLoop],
        errors: paymentsCardErrors,
        unfinished: async () => (await orders.countUnfinished()) + (await events.countUnfinished()),
        attention: makeListAttention({ orders, events, wallClock }),
        republish: (since) => snapshots({ orders, mirrored }, since),
      };
    },
  });

/** The provider acts, through us: that is what the trail says of its events. */
const asProvider: ReceiveWebhookDeps['asProvider'] = ({ provider, type }, store) =>
  runInOperation({ ...requireOperation(), actor: { kind: 'provider', id: provider } }, () =>
    durableStep('webhook.store', store, () => [type]),
  );

const openStripe = ({ config, wallClock }: Kit<PrismaClient, CardMessage, PaymentsCardConfig>) => {
  const client = makeStripeClient({
    secretKey: config.STRIPE_SECRET_KEY,
    apiBase: config.STRIPE_API_BASE ?? null,
    deadlineMs: config.STRIPE_DEADLINE_MS,
  });
  const verifier = makeStripeWebhook({
    secrets: config.STRIPE_WEBHOOK_SECRET,
    livemode: isLiveKey(config.STRIPE_SECRET_KEY),
    wallClock,
  });
  return {
    provider: withDurableSteps(makeStripeProvider(client)),
    verifier,
    legacy: makeStripeLegacy(client, config.STRIPE_PRICE_PLANS),
    portal: makeStripePortal(client, config.STRIPE_PORTAL_CONFIGURATION ?? null),
  };
};

async function* snapshots(
  { orders, mirrored }: { readonly orders: OrderStore; readonly mirrored: MirroredSubscriptions },
  since: Date | null,
): AsyncGenerator<CardMessage> {
  for await (const order of orders.completedSince(since)) yield { type: 'payment.completed', order };
  for await (const each of mirrored.changedSince(since)) yield { type: 'legacy-subscription.reported', mirrored: each };
}

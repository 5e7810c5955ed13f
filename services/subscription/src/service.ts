import { createHash } from 'node:crypto';

import { makeUnitOfWork, nextVersion, openDatabase } from '@quittance/database';
import { makeNewId } from '@quittance/kernel';
import { makeLogger, systemClock, systemWallClock } from '@quittance/runtime';
import {
  assembleService,
  commandClock,
  type Kit,
  type Parts,
  type RunningService,
  type ServiceDeps,
} from '@quittance/service';

import {
  makeActivateSubscription,
  makeAnswerCoupon,
  makeBeat,
  makeBeginCheckout,
  makeBeginRenewals,
  makeImportLegacy,
  makeKeepCoupon,
  makeChangeSubscription,
  makeCountFeatures,
  makeLiveSubscription,
  makeMovePlan,
  makeScheduledChanges,
  makeStartTrial,
  makeKeepPlan,
  makeMirrorLegacy,
  makeProgressCheckout,
  makePreviewLife,
  makeReadCheckout,
  makeReadRenewals,
  makeReadSubscriptions,
  makeRehearseImport,
  makeSettleRenewals,
  makeRequireCoupon,
  makeSettleChange,
  makeSettleDue,
  makeSettlePlanMoves,
  type Subscriptions,
} from './application/index.ts';
import { type ImportConfig, type SubscriptionConfig } from './config.ts';
import { subscriptionErrors } from './domain/errors.ts';
import { type SubscriptionMessage } from './domain/messages.ts';
import { DUE_KINDS } from './domain/subscription.ts';
import { routes } from './http/routes.ts';
import { type Importer } from './import/run-import.ts';
import { makeBeatLoop } from './jobs/beat.ts';
import { makeDueLoop } from './jobs/due.ts';
import { bindings } from './messaging/bindings.ts';
import { toDiscountedInvoice, toOutgoingMessage } from './messaging/convert.ts';
import { makeChanges } from './persistence/changes.ts';
import { makeCheckoutWatch } from './persistence/checkout-watch.ts';
import { makeCheckouts } from './persistence/checkouts.ts';
import { makeCouponClaims, makeCoupons, makeSubscriptionCoupons } from './persistence/coupons.ts';
import { makeDueSubscriptions } from './persistence/due-subscriptions.ts';
import { makeFeatureCounts } from './persistence/feature-counts.ts';
import { PrismaClient } from './persistence/generated/client.ts';
import { makeLegacyLinks } from './persistence/legacy-links.ts';
import { makeParkedWork } from './persistence/parked-work.ts';
import { makePlanMoves } from './persistence/plan-moves.ts';
import { makePlans } from './persistence/plans.ts';
import { makeSubscriptions } from './persistence/subscriptions.ts';

export { subscriptionConfig } from './config.ts';

const ATTENTION_MAX = 500;
/** Renewals come by the thousand, and are settled as many at a time as have come. */
const TAKEN_AT_ONCE = 100;

export const buildService = (deps: ServiceDeps<SubscriptionConfig>): RunningService =>
  assembleService({
    name: 'subscription',
    deps,
    makeClient: (adapter) => new PrismaClient({ adapter }),
    toOutgoing: toOutgoingMessage,
    build: partsOf,
  });

type SubscriptionKit = Kit<PrismaClient, SubscriptionMessage, SubscriptionConfig>;

/** What the use cases are made of. */
const storesOf = (kit: SubscriptionKit) => {
  const { client, unitOfWork, clock, wallClock, newId } = kit;
  const plans = makePlans(kit.database);
  const subscriptions = makeSubscriptions(kit.database, plans);
  const checkouts = makeCheckouts(kit.database);
  const due = makeDueSubscriptions(client);
  const changes = makeChanges(kit.database);
  const featureCounts = makeFeatureCounts(kit.database);
  const parkedWork = makeParkedWork(client);
  const watch = makeCheckoutWatch(kit.rowWaiter, checkouts);
  return {
    plans,
    subscriptions,
    due,
    checkouts,
    coupons: makeCoupons(client),
    couponClaims: makeCouponClaims(kit.database, toDiscountedInvoice),
    subscriptionCoupons: makeSubscriptionCoupons(client),
    changes,
    planMoves: makePlanMoves(kit.database),
    featureCounts,
    parkedWork,
    unitOfWork,
    watch,
    links: makeLegacyLinks(client),
    clock,
    wallClock,
    newId,
    nextVersion: (previous: number) => nextVersion(previous, wallClock.nowMs()),
    digest: (text: string) => createHash('sha256').update(text).digest('base64url'),
  };
};

const partsOf = (kit: SubscriptionKit): Parts<SubscriptionMessage> => {
  const { unitOfWork, clock, wallClock, logger } = kit;
  const shared = storesOf(kit);
  const { due, parkedWork, planMoves, subscriptions } = shared;
  const progress = makeProgressCheckout(shared);
  return {
    routes: routes({
      beginCheckout: makeBeginCheckout(shared),
      readCheckout: makeReadCheckout(shared),
      requireCoupon: makeRequireCoupon(shared),
      readSubscriptions: makeReadSubscriptions(shared),
      readRenewals: makeReadRenewals(shared),
      changeSubscription: makeChangeSubscription(shared),
      scheduledChanges: makeScheduledChanges(shared),
      liveSubscription: makeLiveSubscription(shared),
      previewLife: makePreviewLife(shared),
      movePlan: makeMovePlan(shared),
      startTrial: makeStartTrial(shared),
      countFeatures: makeCountFeatures(shared),
    }),
    bindings: bindings({
      keepPlan: makeKeepPlan(shared),
      activate: makeActivateSubscription(shared),
      keepCoupon: makeKeepCoupon(shared),
      answerCoupon: makeAnswerCoupon({ ...shared, progress }),
      progress,
      settleChange: makeSettleChange(shared),
      renewals: makeSettleRenewals(shared),
      mirror: makeMirrorLegacy(shared),
    }),
    prefetch: TAKEN_AT_ONCE,
    jobs: [
      makeDueLoop({ name: 'subscription.life', run: makeSettleDue(shared), wallClock, logger }),
      makeDueLoop({ name: 'subscription.moves', run: makeSettlePlanMoves(shared), wallClock, logger }),
      makeDueLoop({ name: 'subscription.renewals', run: makeBeginRenewals(shared), wallClock, logger }),
      makeBeatLoop({
        beat: makeBeat({ unitOfWork, wallClock }),
        intervalMs: kit.config.BEAT_INTERVAL_MS,
        wallClock,
        logger,
      }),
    ],
    errors: subscriptionErrors,
    unfinished: async () => (await due.count(DUE_KINDS, clock.now())) + (await planMoves.countWaiting()),
    nextDueAt: () => due.nextDueAt(DUE_KINDS),
    attention: () => parkedWork.listOpen(ATTENTION_MAX),
    republish: (since) => entitlementMessages(subscriptions, since),
  };
};

/** The importer: the service's database and outbox without its door; whichever relay runs sends what it writes. */
export const openImporter = async (config: ImportConfig): Promise<Importer & { close(): Promise<void> }> => {
  const logger = makeLogger({ service: 'subscription', level: config.LOG_LEVEL });
  const clock = await commandClock(config, { base: systemClock, logger });
  const newId = makeNewId(systemWallClock.nowMs);
  const database = openDatabase({
    url: config.DATABASE_URL,
    poolMax: 2,
    applicationName: 'quittance-subscription-import',
    makeClient: (adapter) => new PrismaClient({ adapter }),
    logger,
  });
  const unitOfWork = makeUnitOfWork<SubscriptionMessage>({
    database,
    service: 'subscription',
    toOutgoing: toOutgoingMessage,
    newId,
    clock,
    wallClock: systemWallClock,
    onCommitted: () => false,
  });
  const plans = makePlans(database);
  const deps = {
    plans,
    subscriptions: makeSubscriptions(database, plans),
    links: makeLegacyLinks(database.client),
    parkedWork: makeParkedWork(database.client),
    unitOfWork,
    clock,
    newId,
    nextVersion: (previous: number) => nextVersion(previous, systemWallClock.nowMs()),
  };
  return { apply: makeImportLegacy(deps), rehearse: makeRehearseImport(deps), close: database.close };
};

async function* entitlementMessages(
  subscriptions: Subscriptions,
  since: Date | null,
): AsyncGenerator<SubscriptionMessage> {
  for await (const document of subscriptions.documentsSince(since)) yield { type: 'entitlements_changed', document };
}

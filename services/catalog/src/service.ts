import { setTimeout } from 'node:timers/promises';

import { makeUnitOfWork, openDatabase } from '@quittance/database';
import { makeNewId } from '@quittance/kernel';
import { newTraceparent, runInOperation } from '@quittance/runtime';
import { assembleService, type RunningService, type ServiceDeps } from '@quittance/service';

import {
  type CatalogPublication,
  makeApplyRates,
  makeChangeCatalog,
  makeChangeProducts,
  makeClaimCoupon,
  makeCoupons,
  makeCreatePlan,
  makeCurrentCatalog,
  makeDiscardDraft,
  makeEditPlan,
  makeExchangeRates,
  makePublishCatalog,
  makePublishPlan,
  makeReadPlans,
  makeReadPricing,
  makeReportDiscounts,
  makeRepublishPlans,
  makeRetirePlan,
  makeSeedCatalog,
  type SeedCatalog,
} from './application/index.ts';
import { type CatalogConfig } from './config.ts';
import { type CatalogPolicy } from './domain/definition.ts';
import { catalogErrors } from './domain/errors.ts';
import { type CatalogMessage } from './domain/messages.ts';
import { catalogRoutes } from './http/routes.ts';
import { bindings } from './messaging/bindings.ts';
import { eventBytes, toOutgoingMessage } from './messaging/convert.ts';
import { makeCatalogStore } from './persistence/catalog-store.ts';
import { makeCouponStore } from './persistence/coupon-store.ts';
import { PrismaClient } from './persistence/generated/client.ts';
import { seedFor } from './seed/seed-for.ts';

export { type CatalogConfig, catalogConfig } from './config.ts';

/** Catalog as one part of the suite. In sandbox mode it puts the seed on sale when it starts. */
export const buildService = (deps: ServiceDeps<CatalogConfig>): RunningService =>
  assembleService<PrismaClient, CatalogMessage, CatalogConfig>({
    name: 'catalog',
    deps,
    makeClient: (adapter) => new PrismaClient({ adapter }),
    toOutgoing: toOutgoingMessage,
    build: ({ config, client, unitOfWork, clock, wallClock, newId, logger }) => {
      const store = makeCatalogStore(client);
      const coupons = makeCouponStore(client);
      const policy = policyOf(config);
      const edits = { store, unitOfWork, clock, wallClock, newId, policy, eventBytes };
      const changes = { ...edits, changeCatalog: makeChangeCatalog({ store, unitOfWork, wallClock, pauseUpTo }) };
      const publish = makePublishCatalog(changes);
      const seedCatalog = makeSeedCatalog({ store, publish, seed: seedFor(policy) });
      const currentCatalog = makeCurrentCatalog({
        store,
        wallClock,
        onStale: (error) => logger.warn({ err: error }, 'prices are told from memory: the database does not answer'),
      });
      return {
        routes: catalogRoutes({
          readPricing: makeReadPricing({ currentCatalog, policy }),
          readPlans: makeReadPlans({ store }),
          createPlan: makeCreatePlan(changes),
          editPlan: makeEditPlan(changes),
          publishPlan: makePublishPlan(changes),
          retirePlan: makeRetirePlan(changes),
          discardDraft: makeDiscardDraft(changes),
          changeProducts: makeChangeProducts(changes),
          exchangeRates: makeExchangeRates(changes),
          applyRates: makeApplyRates(changes),
          coupons: makeCoupons({ ...changes, coupons }),
          policy,
        }),
        bindings: bindings(
          makeClaimCoupon({ coupons, unitOfWork, clock, wallClock }),
          makeReportDiscounts({ coupons, unitOfWork, clock }),
        ),
        jobs: [],
        errors: catalogErrors,
        attention: () => Promise.resolve([]),
        republish: makeRepublishPlans({ store, coupons }),
        prepare: async () => {
          if (config.QUITTANCE_MODE !== 'sandbox') return;
          const { drafts } = await runSeed(seedCatalog);
          if (drafts.length > 0) logger.warn({ drafts, languages: policy.languages }, SEED_LACKS_WORDS);
        },
      };
    },
  });

const pauseUpTo = (ms: number): Promise<void> => setTimeout(Math.random() * ms);

const SEED_LACKS_WORDS = 'the seed lacks a configured language: these plans are drafts until somebody translates them';

/**
 * `node src/main.ts seed`: the same once, in any mode, without serving. The messages leave through the outbox with
 * whichever replica relays.
 */
export const seedOnce = async (deps: Omit<ServiceDeps<CatalogConfig>, 'transport'>): Promise<CatalogPublication> => {
  const { config, clock, wallClock, logger } = deps;
  const database = openDatabase({
    url: config.DATABASE_URL,
    poolMax: 1,
    applicationName: 'quittance-catalog-seed',
    makeClient: (adapter) => new PrismaClient({ adapter }),
    logger,
  });
  const newId = makeNewId(() => wallClock.nowMs());
  const store = makeCatalogStore(database.client);
  const unitOfWork = makeUnitOfWork({
    database,
    service: 'catalog',
    toOutgoing: toOutgoingMessage,
    newId,
    clock,
    wallClock,
    // No relay runs here: the replica that has one is notified.
    onCommitted: () => false,
  });
  const policy = policyOf(config);
  const publish = makePublishCatalog({ store, unitOfWork, clock, wallClock, newId, policy, eventBytes });
  try {
    return await runSeed(makeSeedCatalog({ store, publish, seed: seedFor(policy) }));
  } finally {
    await database.close();
  }
};

const policyOf = (config: CatalogConfig): CatalogPolicy => ({
  languages: config.CATALOG_LANGUAGES,
  currencies: config.CATALOG_CURRENCIES,
  taxInclusive: config.CATALOG_TAX_INCLUSIVE_CURRENCIES,
});

const runSeed = (seedCatalog: SeedCatalog): Promise<CatalogPublication> =>
  runInOperation(
    {
      id: 'catalog:seed',
      actor: { kind: 'system', id: 'catalog.seed' },
      correlationId: null,
      requestId: null,
      sourceIp: null,
      traceparent: newTraceparent(),
      enlisted: [],
    },
    seedCatalog,
  );

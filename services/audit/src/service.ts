import { assertNever } from '@quittance/kernel';
import { durableStep, type Loop, makeLoop } from '@quittance/runtime';
import { assembleService, type RunningService, type ServiceDeps } from '@quittance/service';

import {
  makeExportRecords,
  makeListRecords,
  makeRecordActions,
  makeSealRecords,
  makeVerifyChain,
  oneWalkAtATime,
} from './application/index.ts';
import { type AuditConfig } from './config.ts';
import { auditErrors } from './domain/errors.ts';
import { auditRoutes } from './http/routes.ts';
import { bindings } from './messaging/bindings.ts';
import { makeChainStore } from './persistence/chain-store.ts';
import { PrismaClient } from './persistence/generated/client.ts';
import { makeRecordStore } from './persistence/record-store.ts';
import { digest } from './providers/digest.ts';

export { type AuditConfig, auditConfig } from './config.ts';

/** Appending needs no order: two batches are stored at once, and as many more records wait at hand. */
const TAKEN_AT_ONCE = 1000;
/** The promise is two seconds; the sealer is also woken by each record stored in its own process. */
const SEAL_EVERY_MS = 500;
/** One seal costs as much for one record as for hundreds, and records come in bursts. */
const SEAL_GATHERS_MS = 400;

export const buildService = (deps: ServiceDeps<AuditConfig>): RunningService =>
  assembleService<PrismaClient, never, AuditConfig>({
    name: 'audit',
    deps,
    makeClient: (adapter) => new PrismaClient({ adapter }),
    toOutgoing: assertNever,
    build: ({ client, unitOfWork, wallClock, logger }) => {
      const records = makeRecordStore(client);
      const chain = makeChainStore({ client, wallClock });
      const sealer: Loop = makeLoop({
        name: 'audit.sealer',
        intervalMs: SEAL_EVERY_MS,
        gatherMs: SEAL_GATHERS_MS,
        wallClock,
        logger,
        run: makeSealRecords({ chain, digest, durably: (work) => durableStep('audit.seal', work) }),
      });
      const recordActions = makeRecordActions({
        records,
        unitOfWork,
        wallClock,
        digest,
        onStored: () => sealer.wake(),
      });
      return {
        routes: auditRoutes({
          listRecords: makeListRecords({ records }),
          exportRecords: makeExportRecords({ records, unitOfWork, wallClock }),
          verifyChain: oneWalkAtATime(makeVerifyChain({ chain, digest, wallClock })),
        }),
        bindings: bindings((actions) => durableStep('audit.store', () => recordActions(actions))),
        jobs: [sealer],
        errors: auditErrors,
        attention: () => Promise.resolve([]),
        republish: nothingToRepublish,
        prefetch: TAKEN_AT_ONCE,
      };
    },
  });

/** Nobody keeps a projection of the trail. */
const nothingToRepublish = async function* (): AsyncGenerator<never> {};

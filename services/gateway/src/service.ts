import { makeInternalIssuer, readInternalPrivateJwk } from '@quittance/auth';
import { replayDeadLetter } from '@quittance/bus';
import { type RateClass, type ServiceName } from '@quittance/contracts';
import { makeDeadLetterStore } from '@quittance/database';
import { platformErrors } from '@quittance/kernel';
import { assembleService, type Kit, type RunningService, type ServiceDeps } from '@quittance/service';
import { Agent } from 'undici';

import {
  makeCheckEntitlement,
  makeDenialLog,
  makeHandOff,
  makeKeepProjection,
  makeLimitRate,
  makeRecordDenials,
} from './application/index.ts';
import { type GatewayConfig } from './config.ts';
import { gatewayErrors } from './domain/errors.ts';
import { type GatewayMessage } from './domain/messages.ts';
import { type RateLimit } from './domain/token-bucket.ts';
import { makeClockProxy } from './http/clock-proxy.ts';
import { makeConsoleProxy } from './http/console-proxy.ts';
import { makeDocsPage } from './http/docs-pages.ts';
import { doorHooks, makeOnDenied } from './http/door.ts';
import { makeEntitlementSource } from './http/entitlement-source.ts';
import { type OwnOperations } from './http/operations.handlers.ts';
import { routes } from './http/routes.ts';
import { makeSoldPlans } from './http/sold-plans.ts';
import { makeIdentity } from './identity.ts';
import { makeFlushDenials } from './jobs/flush-denials.ts';
import { makeForgetAbsences } from './jobs/forget-absences.ts';
import { bindings } from './messaging/bindings.ts';
import { toOutgoingMessage } from './messaging/convert.ts';
import { makeAbsences } from './persistence/absences.ts';
import { makeCachedProjection } from './persistence/cached-projection.ts';
import { makeEntitlementWrites } from './persistence/entitlement-writes.ts';
import { PrismaClient } from './persistence/generated/client.ts';
import { makeHandoffs } from './persistence/handoffs.ts';
import { makeReadProjection } from './persistence/read-projection.ts';
import { bearerSecrets } from './providers/bearer-secrets.ts';
import { makeCallService } from './providers/call-service.ts';
import { makeFetchPage } from './providers/fetch-page.ts';

export { type GatewayConfig, gatewayConfig } from './config.ts';

type GatewayKit = Kit<PrismaClient, GatewayMessage, GatewayConfig>;

/** The only public door. Takes the place of every service behind it and owns no business record. */
export const buildService = (deps: ServiceDeps<GatewayConfig>): RunningService =>
  assembleService<PrismaClient, GatewayMessage, GatewayConfig>({
    name: 'gateway',
    deps,
    makeClient: (adapter) => new PrismaClient({ adapter }),
    toOutgoing: toOutgoingMessage,
    build: (kit) => {
      const { config, unitOfWork, clock, wallClock, newId, logger } = kit;
      const upstream = makeUpstream(kit);
      const writes = makeEntitlementWrites(kit);
      const staleAfterMs = config.ENTITLEMENTS_STALE_AFTER_MS;
      const stored = makeReadProjection(kit.database.pool);
      const projection = makeCachedProjection({ stored, url: config.DATABASE_URL, wallClock, staleAfterMs, logger });
      const denials = makeDenialLog({ wallClock });
      const record = makeRecordDenials({ unitOfWork, newId });
      const flushDenials = makeFlushDenials({ denials, record, newId, wallClock, logger });
      const onDenied = makeOnDenied({ denials, clock, wake: flushDenials.wake });
      const forgetAbsences = makeForgetAbsences({ absences: makeAbsences(kit.database), wallClock, logger });
      const source = makeEntitlementSource(upstream.callService);
      const handOff = makeHandOff({
        handoffs: makeHandoffs(kit.client),
        plans: makeSoldPlans(upstream.callService),
        secrets: bearerSecrets,
        unitOfWork,
        wallClock,
        newId,
      });
      return {
        routes: routes({
          checkEntitlement: makeCheckEntitlement({
            projection,
            source,
            writes,
            unitOfWork,
            clock,
            wallClock,
            staleAfterMs,
          }),
          handOff,
          wallClock,
          callService: upstream.callService,
          services: upstream.services,
          own: ownOperations(kit, deps),
          support: { url: config.SUPPORT_URL ?? null, email: config.SUPPORT_EMAIL ?? null },
          publicUrl: config.PUBLIC_URL ?? null,
          clock,
          onDenied,
        }),
        door: {
          identity: makeIdentity(config, { wallClock, logger, handOff }),
          hooks: doorHooks({
            limitRate: makeLimitRate({ limits: rateLimits(config), wallClock }),
            trustedProxyHops: config.TRUSTED_PROXY_HOPS,
            onDenied,
            pages: [makeDocsPage({ ...platformErrors, ...gatewayErrors }), ...upstream.pages],
          }),
        },
        bindings: bindings(makeKeepProjection({ writes, unitOfWork })),
        jobs: [resource(upstream), resource(projection), flushDenials, forgetAbsences],
        errors: gatewayErrors,
        attention: () => Promise.resolve([]),
        republish: nothing,
      };
    },
  });

const makeUpstream = ({ config, wallClock }: GatewayKit) => {
  const urls = new Map<ServiceName, string>([
    ['catalog', config.CATALOG_URL],
    ['subscription', config.SUBSCRIPTION_URL],
    ['invoicing', config.INVOICING_URL],
    ['payments-card', config.PAYMENTS_CARD_URL],
    ['audit', config.AUDIT_URL],
  ]);
  const timeoutMs = config.UPSTREAM_TIMEOUT_MS;
  // Shorter than the servers keep theirs, so that a request never meets a connection that is just being closed.
  const agent = new Agent({
    connect: { timeout: 3000 },
    keepAliveTimeout: 20_000,
    keepAliveMaxTimeout: 20_000,
    connections: 128,
  });
  const issuer = makeInternalIssuer(readInternalPrivateJwk(config.INTERNAL_TOKEN_PRIVATE_KEY), wallClock);
  const console = config.CONSOLE_URL;
  const sandboxClock = config.SANDBOX_CLOCK_URL;
  return {
    services: [...urls.keys()],
    callService: makeCallService({ agent, urls, issueToken: issuer.issue, timeoutMs }),
    pages: [
      ...(sandboxClock === undefined ? [] : [makeClockProxy({ agent, url: sandboxClock })]),
      ...(console === undefined ? [] : [makeConsoleProxy(makeFetchPage({ agent, url: console, timeoutMs }))]),
    ],
    stop: () => agent.close(),
  };
};

const limit = (perSecond: number): RateLimit => ({ perSecond, burst: Math.max(1, perSecond * 2) });

const rateLimits = (config: GatewayConfig): Readonly<Record<RateClass, RateLimit>> => ({
  public: limit(config.RATE_PUBLIC_PER_SECOND),
  read: limit(config.RATE_READ_PER_SECOND),
  write: limit(config.RATE_WRITE_PER_SECOND),
  check: limit(config.RATE_CHECK_PER_SECOND),
  webhook: limit(config.RATE_WEBHOOK_PER_SECOND),
});

const DEAD_LETTERS_MAX = 500;

const ownOperations = (kit: GatewayKit, deps: ServiceDeps<GatewayConfig>): OwnOperations => {
  const deadLetters = makeDeadLetterStore({ pool: kit.database.pool, newId: kit.newId, wallClock: kit.wallClock });
  type Letter = NonNullable<Awaited<ReturnType<typeof deadLetters.find>>>;
  const toApiDeadLetter = (letter: Letter) => ({
    id: letter.id,
    service: 'gateway' as const,
    messageId: letter.messageId,
    type: letter.type,
    attempts: letter.attempts,
    reason: letter.reason,
    diedAt: letter.diedAt.toISOString(),
    replayedAt: letter.replayedAt?.toISOString() ?? null,
  });
  return {
    attention: () => Promise.resolve([]),
    deadLetters: async () => (await deadLetters.listWaiting(DEAD_LETTERS_MAX)).map(toApiDeadLetter),
    replay: async (id) => {
      const { letter, markReplayed } = await replayDeadLetter(
        { service: 'gateway', transport: deps.transport, deadLetters },
        id,
      );
      const subject = { type: 'message', id: letter.messageId };
      const after = { service: 'gateway', type: letter.type, attempts: letter.attempts };
      const audit = [{ action: 'dead_letter.replayed', subject, accountId: null, after }];
      await kit.unitOfWork.commit({ writes: [markReplayed], messages: [], audit });
      return toApiDeadLetter((await deadLetters.find(id)) ?? letter);
    },
  };
};

/** Something that is only started and stopped, in the place of a job. */
const resource = (part: { readonly start?: () => void; readonly stop: () => Promise<void> }) => ({
  start: () => part.start?.(),
  stop: part.stop,
  wake: () => undefined,
  busy: () => false,
});

// The gateway owns no aggregates, so it has no snapshots to send again.
async function* nothing(): AsyncGenerator<GatewayMessage> {
  yield* [];
}

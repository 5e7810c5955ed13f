import { randomUUID } from 'node:crypto';

import { must, toError } from '@quittance/kernel';
import { type Detour, freeNeighbours, makeShopper, type ProcessSuite, type SuiteFacts, until } from '@quittance/local';
import { atEnd, type OwnRabbit, rabbitTestUrl, startOwnRabbit } from '@quittance/testkit';

import { startOwnPostgres } from '../support/own-postgres.ts';
import { startPrivateSuite } from '../support/private-suite.ts';
import { add, type FaultOptions, harmed, type Sums, tell, type Violation } from './fault.ts';
import { checkInvariants, checkWhenQuiet } from './invariants.ts';
import { type Keeper, keepAlive } from './keeper.ts';
import { type Counter } from './purchase.ts';
import { openTruths } from './truths.ts';

const QUIET_WITHIN_MS = 120_000;
const REPLICAS = 2;

/** A world to be hurt: two replicas of every service as processes, real servers, the provider with its own books. */
export interface FaultGround extends Counter {
  readonly facts: SuiteFacts;
  readonly processes: ProcessSuite['processes'];
  readonly gatewayUrls: readonly string[];
  readonly keeper: Keeper;
  /** The broker that is this world's alone, where there is one. */
  readonly broker: OwnRabbit | null;
}

/** What differs from the ordinary ground. */
export interface GroundOptions {
  /** Default: the broker of this machine, or without one the PostgreSQL transport; `own`: one that may be hurt. */
  readonly broker?: 'own';
  /** Superuser's URL of a server that the fault may hurt; default one that is started for this ground. */
  readonly databaseUrl?: string;
  /** Where the outside world keeps its books when the services' server is hurt. */
  readonly sandboxDatabaseUrl?: string;
  /** Processes of each service; default two. */
  readonly replicas?: number;
  readonly retryTiersMs?: string;
  readonly beatIntervalMs?: number;
  /** Changes what a process is told: proxies in between, another limit. */
  readonly detour?: Detour;
  /** What the provider's webhooks are sent to instead of the gateway's route. */
  readonly webhookDetour?: (url: string) => Promise<string>;
  /** Quick runs that ask for this very object one after the other stand on one ground, and put back what they change. */
  readonly isShared?: boolean;
}

/** A world that runs, and how it ends. */
interface Standing {
  readonly ground: FaultGround;
  stop(): Promise<void>;
}

/** The one that quick runs share: to start a world takes as long as to hurt it a handful of times. */
let common: { readonly kind: GroundOptions; readonly standing: Promise<Standing> } | null = null;

/**
 * Starts the world, waits until it sells, lets `work` hurt it, and then, with the faults off, holds it to L1: quiet
 * within 120 s, every invariant kept. The line of L1 says how long it took.
 */
export const onFaultGround = async (
  options: FaultOptions,
  ground: GroundOptions,
  work: (ground: FaultGround) => Promise<Sums>,
): Promise<Sums> => {
  if (options.share && ground.isShared === true) return onCommonGround(options, ground, work);
  const standing = await openGround(ground);
  try {
    return await holdToQuiet(standing.ground, options, work);
  } finally {
    await standing.stop();
  }
};

/** For as long as the next asks for the very same; whoever leaves it unsound is the last on it. */
const onCommonGround = async (
  options: FaultOptions,
  kind: GroundOptions,
  work: (ground: FaultGround) => Promise<Sums>,
): Promise<Sums> => {
  if (common?.kind !== kind) {
    await leaveCommonGround();
    common = { kind, standing: openGround(kind) };
    atEnd(leaveCommonGround);
  }
  let isSound = false;
  try {
    const { ground } = await common.standing;
    const sums = await holdToQuiet(ground, options, work);
    isSound = !harmed(sums);
    return sums;
  } finally {
    if (!isSound) await leaveCommonGround();
  }
};

const leaveCommonGround = async (): Promise<void> => {
  const left = common;
  common = null;
  const standing = await left?.standing.catch(() => null);
  await standing?.stop();
};

const holdToQuiet = async (
  ground: FaultGround,
  options: FaultOptions,
  work: (ground: FaultGround) => Promise<Sums>,
): Promise<Sums> => {
  const sums = await work(ground);
  await ground.keeper.settled();
  return add(sums, await untilQuiet(ground, options));
};

const openGround = async (ground: GroundOptions): Promise<Standing> => {
  const own: Pick<OwnRabbit, 'remove'>[] = [];
  const removeOwn = async (): Promise<void> => {
    await Promise.all(own.map(({ remove }) => remove()));
  };
  try {
    const postgres = ground.databaseUrl === undefined ? await startOwnPostgres() : null;
    if (postgres !== null) own.push(postgres);
    const broker = ground.broker === 'own' ? await startBroker() : null;
    if (broker !== null) own.push(broker);
    const databaseUrl = must(ground.databaseUrl ?? postgres?.adminUrl, 'a database server');
    const { stop, ...standing } = await startWorld({ ...ground, databaseUrl }, broker);
    return {
      ...standing,
      stop: async () => {
        try {
          await stop();
        } finally {
          await removeOwn();
        }
      },
    };
  } catch (error) {
    await removeOwn();
    throw error;
  }
};

/** On ports that no outgoing connection takes while it is down. */
const startBroker = async (): Promise<OwnRabbit> => {
  const port = await freeNeighbours();
  return startOwnRabbit({ port, distributionPort: port + 1 });
};

const startWorld = async (
  { detour, replicas = REPLICAS, ...ground }: GroundOptions & { readonly databaseUrl: string },
  broker: OwnRabbit | null,
): Promise<Standing> => {
  const suite = await startPrivateSuite({
    rabbitUrl: broker?.url ?? (await rabbitTestUrl()),
    processes: { replicas, detour: forTheHarness(detour) },
    // A fault must hit a purchase and not a beat.
    beatIntervalMs: 60_000,
    ...ground,
  });
  const { processes: started, gatewayUrls } = must(suite.processes, 'processes');
  const truths = openTruths(suite.facts, { sandboxDatabaseUrl: ground.sandboxDatabaseUrl });
  const keeper = keepAlive(started);
  const stop = async (): Promise<void> => {
    keeper.stop();
    await truths.end();
    // Everything has been looked at, and each goodbye would take five seconds.
    for (const each of started) each.kill();
    await suite.stop();
  };
  try {
    const shopper = makeShopper(suite.facts);
    await untilSelling(shopper);
    const [serviceToken, financeToken] = await Promise.all([shopper.token('whatsapp-qr'), shopper.token('finance')]);
    const { facts } = suite;
    const { processes } = keeper;
    return {
      ground: { facts, shopper, truths, processes, gatewayUrls, keeper, broker, serviceToken, financeToken },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/**
 * A lease lasts two calls and a margin: with the deadline of production, each death of a worker would take 20 s. The
 * invariants count what was sent, so nothing of it may be tidied away, also when a clock is moved on by weeks.
 */
const forTheHarness =
  (detour: Detour | undefined): Detour =>
  async (who, environment) => {
    const kept = { ...environment, OUTBOX_KEEP_DAYS: '3650', INBOX_KEEP_DAYS: '3650' };
    const told = who.service === 'payments-card' ? { ...kept, STRIPE_DEADLINE_MS: '2000' } : kept;
    return detour === undefined ? told : detour(who, told);
  };

/** L1: with the faults off, all work ends within 120 s; what is left then is a violation. */
const untilQuiet = async (
  { truths, keeper }: Pick<FaultGround, 'truths' | 'keeper'>,
  { seed, say }: FaultOptions,
): Promise<Sums> => {
  const startedMs = performance.now();
  const check = (): Promise<readonly Violation[]> => checkInvariants(truths).catch(unanswered);
  const left = await until('quiet', check, {
    enough: (violations) => violations.length === 0,
    deadlineMs: QUIET_WITHIN_MS,
    everyMs: 250,
  }).catch(check);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const violations = [...left, ...(await checkWhenQuiet(truths).catch(unanswered)), ...keeper.violations()];
  const what = `quiet after ${seconds} s, invariants checked`;
  return tell({ id: 'L1', what, seed, injected: 0 }, violations, say);
};

/** With the faults off, everybody can be asked. */
const unanswered = (error: unknown): readonly Violation[] => [
  { invariant: 'L1', harm: 'stuck', what: `not all could be looked at: ${toError(error).message}` },
];

/** The catalogue travels by message. */
const untilSelling = async (shopper: Counter['shopper']): Promise<void> => {
  const token = await shopper.customerToken('acc_first');
  const wish = { product: 'automation', plan: 'free', interval: 'month', currency: 'USD' } as const;
  // One key: the first may take effect and its answer be lost.
  const key = randomUUID();
  const ask = () => shopper.checkout(token, wish, key).then(({ status }) => status, String);
  await until('the catalogue to reach the checkout', ask, {
    enough: (said) => said === 'completed',
    everyMs: 200,
    deadlineMs: 60_000,
  });
};

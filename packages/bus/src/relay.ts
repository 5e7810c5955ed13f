import { RecordAction, type ServiceName } from '@quittance/contracts';
import { toError } from '@quittance/kernel';
import { durableStep, type Logger, type Metrics } from '@quittance/runtime';

import { pause } from './pause.ts';
import { type Flight, makeFlight } from './relay-flight.ts';
import { type HandOver, makeHandOver } from './relay-hand-over.ts';
import { makeRelayMetrics, type RelayMetrics } from './relay-metrics.ts';
import { type OutboxLeadership, type OutboxRow, type OutboxStore } from './stores.ts';
import { type Transport } from './transport.ts';

export interface RelayDeps {
  readonly service: ServiceName;
  readonly outbox: OutboxStore;
  readonly transport: Transport;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Carries a service's outbox to the bus. One relay per service is active at a time; the others stand by. */
export interface Relay {
  start(): void;
  /**
   * What was committed in this process is carried now, without waiting for the notification; null when it is not known
   * where in the outbox it lies, and then it is looked for. Messages of one commit keep their order, those of another
   * process may be overtaken. False when another process carries the outbox and has to be notified.
   */
  handOver(rows: readonly OutboxRow[] | null): boolean;
  /** Ends within 6 s, with leadership released. What was not confirmed stays unsent. */
  stop(): Promise<void>;
  /** True when nothing is unsent as far as this process knows. A relay that stands by is idle: the leader is asked. */
  idle(): boolean;
}

const BATCH_MAX = 500;
const FALLBACK_MS = 500;
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 5_000;
/** Until then it is expected to win: a lone process must not call itself quiet before it has looked. */
const STANDBY_AFTER_MS = 1_000;

interface RelayState {
  readonly stopping: AbortController;
  leading: boolean;
  /** What is being published. */
  flight: Flight | null;
  /** Only while leading. */
  handOver: HandOver | null;
  /** The last look found nothing. */
  idle: boolean;
  awake: () => void;
  woken: boolean;
}

export const makeRelay = (deps: RelayDeps): Relay => {
  const metrics = makeRelayMetrics(deps.metrics);
  const state: RelayState = {
    stopping: new AbortController(),
    leading: false,
    flight: null,
    handOver: null,
    idle: false,
    awake: () => undefined,
    woken: false,
  };
  let running: Promise<void> | null = null;
  return {
    start: () => {
      running ??= runRelay(deps, metrics, state);
    },
    handOver: (rows) => {
      const taken = rows !== null && (state.handOver?.take(rows) ?? false);
      if (!taken) {
        state.woken = true;
        state.awake();
      }
      return state.leading;
    },
    stop: async () => {
      state.stopping.abort();
      await running;
    },
    idle: () => isIdle(state),
  };
};

const isIdle = ({ idle, flight, handOver, leading, woken }: RelayState): boolean => {
  const carriesNothing = (flight?.empty() ?? true) && (handOver?.empty() ?? true);
  // A standby's wake is the leader's work, not its own.
  return idle && carriesNothing && !(leading && woken);
};

const runRelay = async (deps: RelayDeps, metrics: RelayMetrics, state: RelayState): Promise<void> => {
  const signal = state.stopping.signal;
  let pauseMs = PAUSE_FIRST_MS;
  while (!signal.aborted) {
    try {
      const leadership = await winLeadership(deps.outbox, state);
      pauseMs = PAUSE_FIRST_MS;
      state.leading = true;
      try {
        await relayWhileLeading({ ...deps, metrics, state }, leadership);
      } finally {
        state.leading = false;
        await leadership.release();
      }
    } catch (thrown) {
      if (signal.aborted) return;
      state.idle = false;
      deps.logger.warn({ err: toError(thrown), service: deps.service }, 'relay interrupted, trying again');
      await pause(pauseMs, signal);
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
    }
  }
};

const winLeadership = async (outbox: OutboxStore, state: RelayState): Promise<OutboxLeadership> => {
  const standby = setTimeout(() => {
    state.idle = true;
    state.woken = false;
  }, STANDBY_AFTER_MS);
  try {
    return await outbox.lead(state.stopping.signal);
  } finally {
    clearTimeout(standby);
    state.idle = false;
  }
};

interface LeadingDeps extends Omit<RelayDeps, 'metrics'> {
  readonly metrics: RelayMetrics;
  readonly state: RelayState;
}

const relayWhileLeading = async (deps: LeadingDeps, leadership: OutboxLeadership): Promise<void> => {
  const { metrics, state } = deps;
  const over = new AbortController();
  const lose = (): void => over.abort(LOST);
  void leadership.lost.then(lose, lose);
  const signal = AbortSignal.any([state.stopping.signal, over.signal]);
  const flight = makeFlight({
    carry: (rows) => carryBatch(deps, leadership, rows),
    lookAgain: () => lookAgain(state),
    giveUp: (reason) => over.abort(reason),
  });
  const handOver = makeHandOver({
    rowsMax: BATCH_MAX,
    mayLinger,
    // Once leadership is lost another relay has these rows.
    hasRoom: () => !over.signal.aborted && flight.hasRoom(),
    begin: (rows) => {
      metrics.pending(rows.length);
      flight.begin(rows);
    },
    lookAgain: () => lookAgain(state),
  });
  Object.assign(state, { flight, handOver });
  try {
    while (!signal.aborted) {
      await flight.room(signal);
      if (state.woken) Object.assign(state, { woken: false, idle: false });
      handOver.beginRead();
      const found = await leadership.readUnsent(BATCH_MAX, [...flight.positions(), ...handOver.positions()]);
      const rows = handOver.endRead(found);
      metrics.pending(rows.length);
      // The read may have taken longer than the leadership lasted, and then another relay has these rows.
      if (signal.aborted) break;
      if (rows.length === 0) await waitForWork(leadership, state, signal);
      else {
        state.idle = false;
        flight.begin(rows);
        // Fewer than there was room for are all there are: who commits more says so.
        if (found.length < BATCH_MAX) await waitForWork(leadership, state, signal);
      }
    }
  } finally {
    handOver.end(over.signal.aborted ? 'is_left' : 'begins');
    state.handOver = null;
    await flight.landed();
  }
  if (over.signal.reason instanceof Error) throw over.signal.reason;
};

/** Nobody waits for a record, and whoever does what is recorded wants the machine. */
const mayLinger = ({ envelope }: OutboxRow): boolean => envelope.type === RecordAction.type;

const lookAgain = (state: RelayState): void => {
  Object.assign(state, { woken: true, idle: false });
  state.awake();
};

/** True when all of it was sent. */
const carryBatch = async (
  { transport, logger, service, metrics, state }: LeadingDeps,
  leadership: OutboxLeadership,
  rows: readonly OutboxRow[],
): Promise<boolean> => {
  const publish = () => transport.publish(rows.map((row) => row.envelope));
  const results = await durableStep('relay.publish', publish, () => typesOf(rows));
  const sent = rows.filter((_, index) => results[index] === 'confirmed');
  const mark = () => leadership.markSent(sent.map((row) => row.position));
  if (sent.length > 0) await durableStep('relay.mark_sent', mark, () => typesOf(sent));
  const failed = rows.length - sent.length;
  metrics.published({ confirmed: sent.length, failed });
  if (failed > 0) logger.warn({ service, ...firstFailure(rows, results), failed }, 'messages stay unsent');
  // The last there was, as far as anybody knows.
  else if (rows.length < BATCH_MAX && !state.woken) metrics.pending(0);
  return failed === 0;
};

const typesOf = (rows: readonly OutboxRow[]): readonly string[] => rows.map(({ envelope }) => envelope.type);

const LOST = 'leadership is lost';

const waitForWork = async (leadership: OutboxLeadership, state: RelayState, signal: AbortSignal): Promise<void> => {
  // A wake between the read and this line is not lost: nothing was awaited since, but the flag is the proof.
  if (state.woken || signal.aborted) return;
  const enough = new AbortController();
  // With a reason of its own: the default one is an error with a stack, made anew for every wait.
  const end = (): void => enough.abort(ENOUGH);
  state.awake = end;
  signal.addEventListener('abort', end, { once: true });
  state.idle = true;
  await leadership.waitForWork(FALLBACK_MS, enough.signal);
  signal.removeEventListener('abort', end);
};

const ENOUGH = 'woken or stopped';

const firstFailure = (
  rows: readonly OutboxRow[],
  results: readonly unknown[],
): { err: Error; messageId: string | null } => {
  const index = results.findIndex((result) => result !== 'confirmed');
  return { err: toError(results[index]), messageId: rows[index]?.envelope.id ?? null };
};

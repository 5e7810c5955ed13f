import { type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop, operationOfLoop, runInOperation } from '@quittance/runtime';

import {
  type DenialCounter,
  type EventPlace,
  type EventStore,
  type OrderStore,
  type ProcessEvent,
  type StoredEvent,
  type WorkOrder,
} from '../application/index.ts';
import { delayAfterMs, eventRetryDelayMs, retryDelayMs } from '../domain/schedule.ts';
import { makeClaimLoop } from './claim-loop.ts';

/** How soon a due row is seen that nobody woke us for: another replica's, or a retry. */
const POLL_MS = 1000;

interface LoopDeps {
  readonly wallClock: WallClock;
  readonly logger: Logger;
}

interface WorkerDeps extends LoopDeps {
  readonly leaseMs: number;
}

/** Opens, reads and closes orders at the provider when they are due; the sweep is made of orders' own due times. */
export const makeOrderLoop = (
  deps: WorkerDeps & { readonly orders: OrderStore; readonly workOrder: WorkOrder },
): Loop => {
  const { orders, wallClock } = deps;
  return makeClaimLoop({
    ...deps,
    name: 'payments-card.orders',
    intervalMs: POLL_MS,
    claim: (claim) => orders.claimDue(claim),
    work: deps.workOrder,
    putBack: (order, { lostRace }) => {
      const now = new Date(wallClock.nowMs());
      const delayMs = delayAfterMs({ tries: order.tries + 1, lostRace }, retryDelayMs);
      return orders.putBack(order.id, { now, dueAt: after(deps, delayMs), lostRace });
    },
  });
};

export interface EventLoop extends Loop {
  takePlace(): EventPlace | null;
}

/** Works on the provider's stored events: those that are due, and at once on those that were stored with a place here. */
export const makeEventLoop = (
  deps: WorkerDeps & { readonly events: EventStore; readonly processEvent: ProcessEvent },
): EventLoop => {
  const { events, processEvent } = deps;
  const loop = makeClaimLoop<StoredEvent>({
    ...deps,
    name: 'payments-card.events',
    intervalMs: POLL_MS,
    claim: (claim) => events.claimDue(claim),
    work: processEvent,
    putBack: (event, { error, lostRace }) => {
      const now = new Date(deps.wallClock.nowMs());
      const usualMs = (tries: number): number => eventRetryDelayMs(tries, event.receivedAt, now);
      const delayMs = delayAfterMs({ tries: event.attempts, lostRace }, usualMs);
      return events.putBack(event.id, new Date(now.getTime() + delayMs), error.message);
    },
  });
  return {
    ...loop,
    takePlace: () => {
      const place = loop.takePlace();
      if (place === null) return null;
      return { ...place, begin: (event, ahead) => place.begin(event, () => processEvent(event, ahead)) };
    },
  };
};

/** Tells of refused webhooks, at most once a minute and reason, and of the last ones when it is stopped. */
export const makeDenialLoop = (
  deps: LoopDeps & { readonly denials: DenialCounter; readonly intervalMs: number },
): Loop => {
  const loop = makeLoop({
    ...deps,
    name: DENIALS,
    run: async () => {
      await deps.denials.flush();
      return 'idle';
    },
  });
  return {
    ...loop,
    stop: async () => {
      await loop.stop();
      await runInOperation(operationOfLoop({ ...deps, name: DENIALS }), () => deps.denials.flush());
    },
  };
};

const DENIALS = 'payments-card.denials';

const after = ({ wallClock }: LoopDeps, delayMs: number): Date => new Date(wallClock.nowMs() + delayMs);

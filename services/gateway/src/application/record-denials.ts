import { type NewId, type UnitOfWork, type WallClock } from '@quittance/kernel';

import { type CountedDenials, type Denial } from '../domain/denial.ts';
import { type GatewayMessage } from '../domain/messages.ts';
import { networkPrefix } from '../domain/network-prefix.ts';

const SINGLE_MAX = 2000;
const COUNTED_MAX = 5000;
const MINUTE_MS = 60_000;

/** Denials wait here, in bounded memory, until a job commits them. */
export interface DenialLog {
  add(denial: Denial): void;
  /** Denials with a valid token, oldest first. Each is a record of its own. */
  takeSingle(): Denial | null;
  /** Counts of minutes that are over; of all minutes when `everything`. */
  takeCounted(everything: boolean): readonly CountedDenials[];
  putBack(denials: { readonly single?: Denial; readonly counted?: readonly CountedDenials[] }): void;
  /** Something is waiting that need not wait for its minute to end. */
  waiting(): boolean;
}

export const makeDenialLog = ({ wallClock }: { readonly wallClock: WallClock }): DenialLog => {
  const single: Denial[] = [];
  const counted = new Map<string, CountedDenials>();

  const count = (denials: CountedDenials): void => {
    const key = `${denials.reason}\n${denials.networkPrefix}\n${denials.minute.getTime()}`;
    const known = counted.get(key);
    if (known === undefined && counted.size >= COUNTED_MAX && denials.networkPrefix !== 'elsewhere') {
      count({ ...denials, networkPrefix: 'elsewhere' });
    } else {
      counted.set(key, { ...denials, count: denials.count + (known?.count ?? 0) });
    }
  };

  return {
    add: (denial) => {
      if (denial.actor !== null && single.length < SINGLE_MAX) single.push(denial);
      else count(countedOnce(denial, wallClock.nowMs()));
    },
    takeSingle: () => single.shift() ?? null,
    takeCounted: (everything) => {
      const thisMinute = Math.floor(wallClock.nowMs() / MINUTE_MS) * MINUTE_MS;
      const taken = [...counted].filter(([, { minute }]) => everything || minute.getTime() < thisMinute);
      for (const [key] of taken) counted.delete(key);
      return taken.map(([, denials]) => denials);
    },
    putBack: (denials) => {
      if (denials.single !== undefined) single.unshift(denials.single);
      for (const again of denials.counted ?? []) count(again);
    },
    waiting: () => single.length > 0,
  };
};

const countedOnce = (denial: Denial, nowMs: number): CountedDenials => ({
  reason: denial.reason,
  networkPrefix: networkPrefix(denial.ip),
  minute: new Date(Math.floor(nowMs / MINUTE_MS) * MINUTE_MS),
  at: denial.at,
  count: 1,
});

/** Sends denials to the audit trail. */
export interface RecordDenials {
  single(denial: Denial): Promise<void>;
  counted(denials: readonly CountedDenials[]): Promise<void>;
}

export const makeRecordDenials = (deps: {
  readonly unitOfWork: UnitOfWork<GatewayMessage>;
  readonly newId: NewId;
}): RecordDenials => {
  // The records are the messages themselves: an audit entry of the unit of work cannot stand for more than one.
  const send = (messages: readonly GatewayMessage[]) => deps.unitOfWork.commit({ writes: [], messages, audit: [] });
  return {
    single: (denial) => send([{ type: 'access_denied', recordId: deps.newId('aud'), denial }]),
    counted: (denials) =>
      send(denials.map((counted) => ({ type: 'denials_counted', recordId: deps.newId('aud'), counted }))),
  };
};

import { makeLinger } from './linger.ts';
import { type OutboxRow } from './stores.ts';

/** Messages that nobody waits for go along with the next that somebody does, or after this time. */
const LINGER_MS = 20;

/** What other processes commit is read and never handed over here. */
const READ_LATELY_MAX = 1_000;

/** What was committed in this process goes to the bus without being read back from the outbox. */
export interface HandOver {
  /** False when there is no room: then they are read like any others. */
  take(rows: readonly OutboxRow[]): boolean;
  /** Those that are about to begin. */
  positions(): readonly string[];
  beginRead(): void;
  /** Without what was taken since the read began: it has found that as well. */
  endRead(found: readonly OutboxRow[]): readonly OutboxRow[];
  empty(): boolean;
  /** Takes nothing more. What waits begins now, or is left for whoever leads next. */
  end(waiting: 'begins' | 'is_left'): void;
}

export interface HandOverDeps {
  readonly rowsMax: number;
  readonly mayLinger: (row: OutboxRow) => boolean;
  readonly hasRoom: () => boolean;
  readonly begin: (rows: readonly OutboxRow[]) => void;
  /** For what waited and found no room. */
  readonly lookAgain: () => void;
}

export const makeHandOver = ({ rowsMax, mayLinger, hasRoom, begin, lookAgain }: HandOverDeps): HandOver => {
  const takenSinceRead = new Set<string>();
  /** A read may be faster than the news of the commit it finds. */
  const readLately = new Set<string>();
  let waiting: readonly OutboxRow[] = [];
  let ended = false;
  const beginWaiting = (): void => {
    linger.cancel();
    const rows = waiting;
    waiting = [];
    if (rows.length === 0) return;
    if (hasRoom()) begin(rows);
    else lookAgain();
  };
  const linger = makeLinger(beginWaiting);
  return {
    take: (rows) => {
      if (ended || !hasRoom() || waiting.length + rows.length > rowsMax) return false;
      const unread = rows.filter(({ position }) => !readLately.delete(position));
      for (const { position } of unread) takenSinceRead.add(position);
      waiting = [...waiting, ...unread];
      if (unread.every(mayLinger)) linger.ask(LINGER_MS);
      else beginWaiting();
      return true;
    },
    positions: () => waiting.map(({ position }) => position),
    beginRead: () => takenSinceRead.clear(),
    endRead: (found) => {
      const rows = found.filter(({ position }) => !takenSinceRead.has(position));
      for (const { position } of rows) readLately.add(position);
      for (const oldest of readLately) {
        if (readLately.size <= READ_LATELY_MAX) break;
        readLately.delete(oldest);
      }
      return rows;
    },
    empty: () => waiting.length === 0,
    end: (what) => {
      ended = true;
      if (what === 'is_left') waiting = [];
      beginWaiting();
    },
  };
};

import { type Clock, type WallClock } from '@quittance/kernel';

export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly ms?: number;
}

export interface FakeClock extends Clock {
  advance(by: Duration): void;
  set(instant: Date | string): void;
}

export interface FakeWallClock extends WallClock {
  advance(by: Duration): void;
  set(instant: Date | string): void;
}

const toMs = (by: Duration): number =>
  ((((by.days ?? 0) * 24 + (by.hours ?? 0)) * 60 + (by.minutes ?? 0)) * 60 + (by.seconds ?? 0)) * 1000 + (by.ms ?? 0);

/** Where every test begins unless it says otherwise: a Monday that is no month end and no leap day. */
const TEST_START = '2026-03-02T09:00:00.000Z';

/** Business time that moves only when told to. */
export const fakeClock = (start: Date | string = TEST_START): FakeClock => {
  let nowMs = new Date(start).getTime();
  return {
    now: () => new Date(nowMs),
    advance: (by) => {
      nowMs += toMs(by);
    },
    set: (instant) => {
      nowMs = new Date(instant).getTime();
    },
  };
};

/** Wall time that moves only when told to: leases, retry delays and the ages of tokens and keys. */
export const fakeWallClock = (start: Date | string = TEST_START): FakeWallClock => {
  const clock = fakeClock(start);
  return {
    nowMs: () => clock.now().getTime(),
    advance: (by) => clock.advance(by),
    set: (instant) => clock.set(instant),
  };
};

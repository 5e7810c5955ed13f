import { expect } from 'chai';

import { anOpenOrder, NOW, SESSION, WHEN } from '../../test/builders/order.ts';
import { type Order } from './order.ts';
import { delayAfterMs, eventRetryDelayMs, nextReadAt, retryDelayMs, unansweredDelayMs } from './schedule.ts';

const at = (minutes: number, seconds = 0) => new Date(NOW.getTime() + (minutes * 60 + seconds) * 1000);
const whenIs = (minutes: number) => ({ ...WHEN, now: at(minutes), providerNow: at(minutes) });

describe('nextReadAt', () => {
  // Opened at minute 0, payable until minute 35, swept every minute.
  const CASES: readonly (readonly [minutes: number, expected: Date])[] = [
    [0, at(1)],
    // a quarter of two minutes is less than a sweep
    [2, at(3)],
    [20, at(25)],
    // a quarter of 33 minutes is 8:15, but it expires at 35:00 (+5 s)
    [33, at(35, 5)],
    // past expiry: a quarter of 40 minutes
    [40, at(50)],
    // a quarter of ten hours is more than an hour
    [600, at(660)],
  ];
  for (const [minutes, expected] of CASES) {
    it(`after ${minutes} min it is read at ${expected.toISOString().slice(11, 19)}`, () => {
      expect(nextReadAt(anOpenOrder(), whenIs(minutes))).to.deep.equal(expected);
    });
  }

  it('measures expiry in the provider’s time, which a sandbox may have moved', () => {
    const moved = { ...WHEN, providerNow: new Date(SESSION.payUntil.getTime() - 10_000) };

    expect(nextReadAt(anOpenOrder(), moved)).to.deep.equal(new Date(NOW.getTime() + 15_000));
  });

  for (const state of ['opening', 'completed', 'failed', 'expired'] as const) {
    it(`is never for an order that is ${state}`, () => {
      expect(nextReadAt(anOpenOrder({ state }), WHEN)).to.equal(null);
    });
  }

  it('is never for a parked order', () => {
    const parked = { code: 'payments_card.amount_mismatch', message: 'wrong', since: NOW } as const;

    expect(nextReadAt(anOpenOrder({ parked }), WHEN)).to.equal(null);
  });
});

describe('retry delays', () => {
  it('double up to five minutes', () => {
    expect([0, 1, 2, 3, 9, 10, 1000].map(retryDelayMs)).to.deep.equal([
      1000, 1000, 2000, 4000, 256_000, 300_000, 300_000,
    ]);
  });

  it('of events grow up to an hour, once nobody waits for them any more', () => {
    const delayOf = (attempts: number, minutes: number) => eventRetryDelayMs(attempts, at(-minutes), NOW);

    expect([1, 2, 3, 6, 7, 99].map((attempts) => delayOf(attempts, 5))).to.deep.equal([
      1000, 4000, 16_000, 1_024_000, 3_600_000, 3_600_000,
    ]);
    expect([1, 2, 3, 6].map((attempts) => delayOf(attempts, 4))).to.deep.equal([1000, 4000, 8000, 8000]);
  });

  it('of lost races are none three times, and then begin with the first', () => {
    const delays = (lostRace: boolean) =>
      [1, 2, 3, 4, 5, 6].map((tries) => delayAfterMs({ tries, lostRace }, retryDelayMs));

    expect(delays(true)).to.deep.equal([0, 0, 0, 1000, 2000, 4000]);
    expect(delays(false)).to.deep.equal([1000, 2000, 4000, 8000, 16_000, 32_000]);
  });

  it('of an unanswered order are short while a customer may wait, and long for a charge', () => {
    const delayOf = (state: Order['state'], tries: number, unknownMinutes: number) =>
      unansweredDelayMs({ ...anOpenOrder({ state, tries }), unknownSince: at(-unknownMinutes) }, NOW);

    expect([1, 3, 4, 5, 40].map((tries) => delayOf('opening', tries, 4))).to.deep.equal([1000, 4000, 8000, 8000, 8000]);
    expect(delayOf('closing', 8, 4)).to.equal(8000);
    expect(delayOf('opening', 8, 5)).to.equal(128_000);
    expect(delayOf('charging', 8, 4)).to.equal(128_000);
  });
});

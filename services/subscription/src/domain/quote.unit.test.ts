import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { planChange } from './plan-change.ts';
import { instantOfQuote } from './quote.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const active = aSubscription({ plan: PLANS.basic, period: june });
const MINUTE_MS = 60_000;
const after = (moment: Date, ms: number): Date => new Date(moment.getTime() + ms);

describe('instantOfQuote', () => {
  const noon = after(june.start, 12 * 60 * MINUTE_MS);
  const cases: readonly [name: string, at: Date, now: Date, holds: boolean][] = [
    ['made this instant', noon, noon, true],
    ['made 15 minutes ago', noon, after(noon, 15 * MINUTE_MS), true],
    ['made a millisecond more than 15 minutes ago', noon, after(noon, 15 * MINUTE_MS + 1), false],
    ['made in the future', after(noon, 1), noon, false],
    ['made on the first instant of the period', june.start, after(june.start, MINUTE_MS), true],
    ['said to be made before the period', after(june.start, -1), after(june.start, MINUTE_MS), false],
    ['committed on the last instant of the period', after(june.end, -MINUTE_MS), after(june.end, -1), true],
    ['committed when the period is over', after(june.end, -MINUTE_MS), june.end, false],
    ['made and committed before the period that is paid for', after(june.start, -2), after(june.start, -1), true],
    ['made before the period and committed in it', after(june.start, -1), june.start, false],
  ];
  for (const [name, at, now, holds] of cases) {
    it(`${holds ? 'believes' : 'refuses'} one ${name}`, () => {
      const code = codeOf(() => instantOfQuote({ at, version: active.version }, active, now));
      expect(code).to.equal(holds ? 'nothing thrown' : 'subscription.quote_stale');
    });
  }

  it('refuses one from before the subscription was made, and one of another version', () => {
    const free = { ...aSubscription({ plan: PLANS.free, period: null }), createdAt: noon };
    const quote = { at: after(noon, -1), version: free.version };

    expect(codeOf(() => instantOfQuote(quote, free, noon))).to.equal('subscription.quote_stale');
    expect(codeOf(() => instantOfQuote({ at: noon, version: 1 }, active, noon))).to.equal('subscription.quote_stale');
  });
});

describe('a change of what has ended', () => {
  for (const status of ['cancelled', 'expired'] as const) {
    it(`is refused as a conflict where it is ${status}`, () => {
      const subscription = { ...active, status };
      const change = () =>
        planChange(changeFacts({ subscription, target: PLANS.standard, at: after(june.start, MINUTE_MS) }));

      expect(codeOf(change)).to.equal('subscription.illegal_transition');
    });
  }
});

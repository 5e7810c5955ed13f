import { expect } from 'chai';

import { makeShiftableClocks } from './clocks.ts';

describe('makeShiftableClocks', () => {
  const noon = new Date('2028-02-29T12:00:00.000Z');
  const fixed = () => makeShiftableClocks({ now: () => noon }, { nowMs: () => noon.getTime() });

  it('tells the true time until it is shifted', () => {
    const { clock, wallClock } = fixed();

    expect(clock.now()).to.deep.equal(noon);
    expect(wallClock.nowMs()).to.equal(noon.getTime());
  });

  it('shifts either clock alone, each time from the true time', () => {
    const clocks = fixed();

    clocks.shift({ businessMs: 3_600_000, wallMs: 0 });
    clocks.shift({ businessMs: -600_000, wallMs: 86_400_000 });

    expect(clocks.clock.now().toISOString()).to.equal('2028-02-29T11:50:00.000Z');
    expect(new Date(clocks.wallClock.nowMs()).toISOString()).to.equal('2028-03-01T12:00:00.000Z');
  });
});

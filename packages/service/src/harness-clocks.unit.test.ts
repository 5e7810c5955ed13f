import { expect } from 'chai';

import { processClocks } from './harness-clocks.ts';

const HOUR_MS = 3_600_000;
const TOLERANCE_MS = 60_000;

describe('processClocks', () => {
  const tell = (message: unknown): void => {
    // As Node does for what comes over the channel of the parent.
    process.emit('message', message, undefined);
  };
  const listenersBefore = process.listeners('message');
  afterEach(() => {
    for (const listener of process.listeners('message')) {
      if (!listenersBefore.includes(listener)) process.removeListener('message', listener);
    }
  });

  it('are moved by whoever started the process, in the sandbox', () => {
    const { clock, wallClock } = processClocks('sandbox');

    tell({ shiftBusinessMs: 5 * HOUR_MS, shiftWallMs: -2 * HOUR_MS });

    expect(clock.now().getTime()).to.be.closeTo(Date.now() + 5 * HOUR_MS, TOLERANCE_MS);
    expect(wallClock.nowMs()).to.be.closeTo(Date.now() - 2 * HOUR_MS, TOLERANCE_MS);
  });

  it('are moved by nobody in production, and nobody listens there', () => {
    const { clock, wallClock } = processClocks('production');

    tell({ shiftBusinessMs: 5 * HOUR_MS, shiftWallMs: 5 * HOUR_MS });

    expect(process.listeners('message')).to.deep.equal(listenersBefore);
    expect(clock.now().getTime()).to.be.closeTo(Date.now(), TOLERANCE_MS);
    expect(wallClock.nowMs()).to.be.closeTo(Date.now(), TOLERANCE_MS);
  });

  it('are left alone by what is no clock message', () => {
    const { clock } = processClocks('sandbox');

    tell({ shiftBusinessMs: 5 * HOUR_MS });
    tell({ shiftBusinessMs: '1', shiftWallMs: 1 });
    tell(null);

    expect(clock.now().getTime()).to.be.closeTo(Date.now(), TOLERANCE_MS);
  });
});

import { expect } from 'chai';

import { waitAtMost } from './pause.ts';

const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

/** What was cancelled in this turn of the event loop is gone in the next. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('waitAtMost', () => {
  it('ends with the work, and leaves no timer that would keep a stopping process', async () => {
    await settled();
    const before = timers();
    await waitAtMost(Promise.resolve(), 60_000);
    await settled();
    expect(timers()).to.equal(before);
  });

  it('ends without the work when that takes too long', async () => {
    const startedMs = performance.now();
    await waitAtMost(new Promise(() => undefined), 20);
    expect(performance.now() - startedMs).to.be.greaterThan(15);
  });

  it('fails as the work does', async () => {
    const failure = await waitAtMost(Promise.reject(new Error('broken')), 60_000).catch((error: unknown) => error);
    expect(failure).to.have.property('message', 'broken');
  });
});

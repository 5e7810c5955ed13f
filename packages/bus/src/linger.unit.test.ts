import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { type Linger, makeLinger } from './linger.ts';

describe('makeLinger', () => {
  let acts: number;
  let linger: Linger;
  beforeEach(() => {
    acts = 0;
    linger = makeLinger(() => (acts += 1));
  });
  afterEach(() => linger.cancel());

  it('acts at once for who cannot wait, and with that for who could', async () => {
    linger.ask(20);
    linger.ask(0);
    expect(acts).to.equal(1);

    await pause(40);
    expect(acts).to.equal(1);
  });

  it('acts once for all who ask in its time, which begins with the first', async () => {
    linger.ask(60);
    await pause(40);
    linger.ask(60);
    expect(acts).to.equal(0);

    await pause(40);
    expect(acts).to.equal(1);
  });

  it('acts earlier for who asks for it earlier', async () => {
    linger.ask(60_000);
    linger.ask(10);
    await pause(30);
    expect(acts).to.equal(1);
  });

  it('forgets who asked, and serves who asks afterwards', async () => {
    linger.ask(10);
    linger.cancel();
    await pause(30);
    expect(acts).to.equal(0);

    linger.ask(60_000);
    linger.ask(10);
    await pause(30);
    expect(acts).to.equal(1);
  });
});

import { expect } from 'chai';

import { makeLogger } from './logger.ts';
import { makeLoop } from './loop.ts';
import { requireOperation } from './operation.ts';

/** A loop whose timers fire only when the test says so, and the delays it asked for. */
const makeDrivenLoop = (outcomes: readonly (() => Promise<'again' | 'idle'>)[], gatherMs?: number) => {
  const delaysMs: number[] = [];
  let pending: (() => void) | null = null;
  let runs = 0;
  let nowMs = 1000;
  const loop = makeLoop({
    name: 'sweep',
    intervalMs: 5000,
    ...(gatherMs === undefined ? {} : { gatherMs }),
    wallClock: { nowMs: () => nowMs },
    logger: makeLogger({ service: 'test', level: 'silent' }),
    run: () => {
      const outcome = outcomes[runs] ?? (() => Promise.resolve('idle'));
      runs += 1;
      return outcome();
    },
    schedule: (run, delayMs) => {
      delaysMs.push(delayMs);
      pending = run;
      return () => {
        pending = null;
      };
    },
  });
  /** Lets the planned run happen, at its time. */
  const tick = async () => {
    nowMs += delaysMs.at(-1) ?? 0;
    const run = pending;
    pending = null;
    run?.();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { loop, tick, delaysMs, runs: () => runs };
};

describe('makeLoop', () => {
  it('runs at once and then after each interval', async () => {
    const { loop, tick, delaysMs, runs } = makeDrivenLoop([]);

    loop.start();
    await tick();
    await tick();

    expect(runs()).to.equal(2);
    expect(delaysMs).to.deep.equal([0, 5000, 5000]);
  });

  it('gathers wakes before it runs for all of them, but goes on at once while there is more', async () => {
    const { loop, tick, delaysMs, runs } = makeDrivenLoop(
      [() => Promise.resolve('idle'), () => Promise.resolve('again')],
      100,
    );
    loop.start();
    await tick();

    loop.wake();
    loop.wake();
    await tick();
    await tick();

    expect(runs()).to.equal(3);
    expect(delaysMs).to.deep.equal([0, 5000, 100, 0, 5000]);
  });

  it('runs on at once while there is more', async () => {
    const { loop, tick, delaysMs } = makeDrivenLoop([() => Promise.resolve('again')]);

    loop.start();
    await tick();
    await tick();

    expect(delaysMs).to.deep.equal([0, 0, 5000]);
  });

  it('turns any number of wakes during a run into one more run', async () => {
    const waking = { loop: (): void => undefined };
    const { loop, tick, delaysMs, runs } = makeDrivenLoop([
      () => {
        waking.loop();
        waking.loop();
        return Promise.resolve('idle');
      },
    ]);
    waking.loop = () => loop.wake();

    loop.start();
    await tick();
    await tick();
    await tick();

    expect(runs()).to.equal(3);
    expect(delaysMs).to.deep.equal([0, 0, 5000, 5000]);
  });

  it('backs off after failures, is busy until one succeeds, and then keeps its interval again', async () => {
    const fails = () => Promise.reject(new Error('database away'));
    const { loop, tick, delaysMs } = makeDrivenLoop([fails, fails, fails]);

    loop.start();
    await tick();
    await tick();
    await tick();
    const busyWhileFailing = loop.busy();
    await tick();

    expect(delaysMs).to.deep.equal([0, 100, 200, 400, 5000]);
    expect(busyWhileFailing).to.equal(true);
    expect(loop.busy()).to.equal(false);
  });

  it('runs each time inside an operation of the system', async () => {
    const seen: unknown[] = [];
    const { loop, tick } = makeDrivenLoop([
      () => {
        const { id, actor } = requireOperation();
        seen.push({ id, actor });
        return Promise.resolve('idle');
      },
    ]);

    loop.start();
    await tick();

    expect(seen).to.deep.equal([{ id: 'sweep:1000', actor: { kind: 'system', id: 'sweep' } }]);
  });

  it('waits for the running work when stopped, and never runs again', async () => {
    let finish: (outcome: 'idle') => void = () => undefined;
    const { loop, tick, runs } = makeDrivenLoop([
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    ]);
    loop.start();
    await tick();

    const stopped = loop.stop();
    finish('idle');
    await stopped;
    loop.wake();
    await tick();

    expect(runs()).to.equal(1);
    expect(loop.busy()).to.equal(false);
  });
});

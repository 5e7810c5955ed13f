import { type ServiceProcess } from '@quittance/local';
import { expect } from 'chai';

import { keepAlive } from './keeper.ts';

type Signal = NodeJS.Signals | null;

/** A process that ends when the test says so, and is started again at once. */
const makeProcess = () => {
  let end: (signal: Signal) => void = () => undefined;
  let ended = new Promise<{ signal: Signal }>((resolve) => {
    end = (signal) => resolve({ signal });
  });
  let started: () => void = () => undefined;
  const process: ServiceProcess = {
    service: 'invoicing',
    replica: 0,
    port: 1,
    pid: () => 1,
    start: () => {
      ended = new Promise((resolve) => {
        end = (signal) => resolve({ signal });
      });
      started();
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
    kill: () => end('SIGKILL'),
    tell: () => undefined,
    ask: () => Promise.resolve(null),
    ended: () => ended,
  };
  return {
    process,
    /** Resolves when it was started again. */
    endBy: async (signal: Signal) => {
      const again = new Promise<void>((resolve) => {
        started = resolve;
      });
      end(signal);
      await again;
    },
  };
};

const scene = () => {
  const { process, endBy } = makeProcess();
  const keeper = keepAlive([process], 0);
  const [kept] = keeper.processes;
  if (kept === undefined) throw new Error('nothing is kept');
  return { keeper, kept, endBy };
};

describe('keepAlive', () => {
  it('counts a SIGKILL that was announced as ours', async () => {
    const { keeper, kept, endBy } = scene();
    for (let times = 1; times <= 5; times += 1) {
      kept.kill();
      await endBy('SIGKILL');
    }

    expect(keeper.kills('invoicing')).to.equal(5);
    expect(keeper.violations()).to.deep.equal([]);
    keeper.stop();
  });

  it('counts a death at an armed kill point as ours', async () => {
    const { keeper, kept, endBy } = scene();
    kept.tell({ killPoint: 'webhook.store:before', passing: 1 });
    await endBy('SIGKILL');

    expect(keeper.kills('invoicing')).to.equal(1);
    keeper.stop();
  });

  const OWN: readonly (readonly [what: string, signal: Signal])[] = [
    ['an exit', null],
    ['a crash', 'SIGSEGV'],
    ['a SIGKILL that nobody announced, as the machine sends it when memory is short', 'SIGKILL'],
  ];

  for (const [what, signal] of OWN) {
    it(`counts ${what} as a restart of its own, and the fourth is one too many`, async () => {
      const { keeper, endBy } = scene();
      for (let times = 1; times <= 3; times += 1) await endBy(signal);
      expect(keeper.violations()).to.deep.equal([]);
      await endBy(signal);

      expect(keeper.kills('invoicing')).to.equal(0);
      expect(keeper.violations()).to.deep.equal([
        { invariant: 'L2', harm: 'stuck', what: 'invoicing-0 restarted itself 4 times' },
      ]);
      keeper.stop();
    });
  }

  it('does not take a crash after a kill point for a kill, once it lives again', async () => {
    const { keeper, kept, endBy } = scene();
    kept.tell({ killPoint: 'webhook.store:before', passing: 1 });
    await endBy('SIGKILL');
    await endBy('SIGKILL');

    expect(keeper.kills('invoicing')).to.equal(1);
    keeper.stop();
  });
});

import { expect } from 'chai';

import { makeLifecycle } from './lifecycle.ts';
import { makeLogger } from './logger.ts';

const logger = makeLogger({ service: 'test', level: 'silent' });

const recorded = (name: string, seen: string[], fails = false) => ({
  name,
  start: () => {
    seen.push(`start ${name}`);
    return fails ? Promise.reject(new Error(`${name} refused`)) : Promise.resolve();
  },
  stop: () => {
    seen.push(`stop ${name}`);
    return Promise.resolve();
  },
});

describe('makeLifecycle', () => {
  it('starts in order and stops in reverse, once', async () => {
    const seen: string[] = [];
    const lifecycle = makeLifecycle(logger);
    lifecycle.add(recorded('database', seen));
    lifecycle.add(recorded('http', seen));

    await lifecycle.start();
    await lifecycle.stop();
    await lifecycle.stop();

    expect(seen).to.deep.equal(['start database', 'start http', 'stop http', 'stop database']);
  });

  it('stops what had started when a later part fails, and throws its error', async () => {
    const seen: string[] = [];
    const lifecycle = makeLifecycle(logger);
    lifecycle.add(recorded('database', seen));
    lifecycle.add(recorded('bus', seen, true));
    lifecycle.add(recorded('http', seen));

    const failure = await lifecycle.start().catch((error: unknown) => error);

    expect(failure).to.have.property('message', 'bus refused');
    expect(seen).to.deep.equal(['start database', 'start bus', 'stop database']);
  });

  it('does not wait for ever for a part that hangs', async () => {
    const seen: string[] = [];
    const lifecycle = makeLifecycle(logger, 10);
    lifecycle.add(recorded('database', seen));
    lifecycle.add({ name: 'stuck', stop: () => new Promise<void>(() => undefined) });

    await lifecycle.start();
    await lifecycle.stop();

    expect(seen).to.deep.equal(['start database', 'stop database']);
  });
});

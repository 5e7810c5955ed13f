import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { whenChanged } from './when-changed.ts';

describe('whenChanged', () => {
  let folder: string;
  let made = 0;
  const from = () => join(folder, 'from');
  const into = () => join(folder, 'into');
  const run = (make = () => writeFileSync(into(), 'made')) =>
    whenChanged({ stamp: join(folder, 'stamp'), files: [from(), into()] }, async () => {
      made += 1;
      await Promise.resolve();
      make();
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quittance-stamp-'));
    made = 0;
    writeFileSync(from(), 'source');
    await run();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes once what does not change', async () => {
    expect(await run()).to.equal(false);
    expect(made).to.equal(1);
  });

  const changes: readonly (readonly [string, () => void])[] = [
    ['another source', () => writeFileSync(from(), 'sources')],
    ['what was made and then touched', () => writeFileSync(into(), 'made, and touched')],
    ['what was made and is gone', () => rmSync(into())],
    [
      'bytes that went from one file to the other',
      () => (writeFileSync(from(), 'sourcem'), writeFileSync(into(), 'ade')),
    ],
  ];
  for (const [what, change] of changes) {
    it(`makes anew for ${what}`, async () => {
      change();

      expect(await run()).to.equal(true);
      expect(await run()).to.equal(false);
    });
  }

  it('tries again after a failure', async () => {
    writeFileSync(from(), 'other');
    const failing = () => {
      throw new Error('no');
    };

    const failed = await run(failing).catch((error: unknown) => String(error));

    expect(failed).to.equal('Error: no');
    expect(await run()).to.equal(true);
  });
});

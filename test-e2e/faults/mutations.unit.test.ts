import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect } from 'chai';

import { MUTATIONS } from './mutations.ts';
import { isCaught } from './run-mutations.ts';

describe('mutations', () => {
  for (const { name, edits } of MUTATIONS) {
    it(`still find ${name}, each edit exactly once`, () => {
      for (const { file, find, replace } of edits) {
        const text = readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');

        expect(text.split(find), find).to.have.lengthOf(2);
        expect(replace).not.to.equal(find);
      }
    });
  }
});

describe('isCaught', () => {
  const RED = 'F1  relay.mark_sent:before  seed 1  injected 1  lost 0  doubled 4  unbalanced 0  stuck 0';
  const expected = { harm: 'doubled', invariant: 'I5' } as const;
  const run = (...lines: readonly string[]) => ({ exit: 1, output: lines.join('\n') });

  const CASES = [
    {
      what: 'is the expected harm under the expected invariant',
      output: run(
        'F1  x  seed 1  injected 1  lost 0  doubled 0  unbalanced 0  stuck 0',
        RED,
        '  299 s        I5: handled twice',
      ),
      caught: true,
    },
    {
      what: 'is not another harm of the same line',
      output: run('L1  x  seed 1  injected 1  lost 0  doubled 0  unbalanced 0  stuck 1', '      I5: unsent'),
      caught: false,
    },
    { what: 'is not another invariant', output: run(RED, '  299 s        I2 charge ↔ payment: x'), caught: false },
    {
      what: 'is not an invariant of another line',
      output: run(RED, 'L1  x  seed 1  injected 0  lost 0  doubled 0  unbalanced 0  stuck 1', '      I5: unsent'),
      caught: false,
    },
    { what: 'is not a run that ended well', output: { ...run(RED, '      I5: twice'), exit: 0 }, caught: false },
    { what: 'is not a run that was cut off', output: { ...run(RED, '      I5: twice'), exit: null }, caught: false },
  ];

  for (const { what, output, caught } of CASES) {
    it(what, () => {
      expect(isCaught(output, expected)).to.equal(caught);
    });
  }
});

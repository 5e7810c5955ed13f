import { expect } from 'chai';

import { type Fault, NOTHING } from './fault.ts';
import { FAULTS } from './faults.ts';
import { selectionFrom } from './selection.ts';

const fault = (id: Fault['id'], seeds: number): Fault => ({
  id,
  title: id,
  seeds,
  planned: 1,
  run: () => Promise.resolve(NOTHING),
});

const KNOWN = [fault('F1', 3), fault('F6', 1)];

const runsOf = (...words: readonly string[]): readonly string[] => {
  const asked = selectionFrom(words, KNOWN);
  return asked.kind === 'run' ? asked.selection.runs.map(({ fault: { id }, seed }) => `${id} ${seed}`) : [asked.kind];
};

describe('selectionFrom', () => {
  const CASES: readonly (readonly [words: readonly string[], runs: readonly string[]])[] = [
    [[], ['F1 1', 'F1 2', 'F1 3', 'F6 1']],
    [['F6'], ['F6 1']],
    [
      ['F6', 'F1', '--quick'],
      ['F6 1', 'F1 1'],
    ],
    [
      ['--', 'F1'],
      ['F1 1', 'F1 2', 'F1 3'],
    ],
    [['--quick'], ['F1 1', 'F6 1']],
    [
      ['--seed', '2'],
      ['F1 2', 'F6 2'],
    ],
    [
      ['F6', '--seeds', '2'],
      ['F6 1', 'F6 2'],
    ],
    [
      ['F1', '--quick', '--seeds', '2'],
      ['F1 1', 'F1 2'],
    ],
    [['--help'], ['help']],
    [['--mutations', 'inbox'], ['mutations']],
  ];

  for (const [words, runs] of CASES) {
    it(`takes “${words.join(' ')}” for ${runs.join(', ')}`, () => {
      expect(runsOf(...words)).to.deep.equal(runs);
    });
  }

  const REFUSED: readonly (readonly [words: readonly string[], why: string])[] = [
    [['F99', 'F1', 'x'], 'There is no fault F99, x: choose from F1, F6, or none for all.'],
    [['--seed', 'x'], '--seed takes a whole number from 1, not “x”.'],
    [['--seed', '0'], '--seed takes a whole number from 1, not “0”.'],
    [['--seeds', '1.5'], '--seeds takes a whole number from 1, not “1.5”.'],
    [['--first', '-1x'], '--first takes a whole number from 1, not “-1x”.'],
    [['--seed', '1', '--seeds', '2'], 'Give --seed for one seed or --seeds for all up to a number, not both.'],
  ];

  for (const [words, why] of REFUSED) {
    it(`refuses “${words.join(' ')}” in one sentence`, () => {
      const asked = selectionFrom(words[0] === '--first' ? ['--first=-1x'] : words, KNOWN);

      expect(asked).to.deep.equal({ kind: 'refused', why });
    });
  }

  it('refuses an option that is not there', () => {
    expect(selectionFrom(['--sed', '1'], KNOWN).kind).to.equal('refused');
  });
});

describe('a whole run', () => {
  /** How many the matrix asks for, in its own units; F15 and F16 count claims and renewals. */
  const MATRIX = {
    F3: 50,
    F4: 500,
    F5: 1_500,
    F6: 15_000,
    F7: 920,
    F8: 900,
    F9: 1_700,
    F10: 200,
    F12: 60,
    F15: 50 * 200,
    F16: 20 * 1_000,
    F17: 10_060,
    F18: 10_550,
    F23: 500,
  } as const;

  for (const [id, count] of Object.entries(MATRIX)) {
    it(`injects what the matrix asks of ${id}: ${count} at least`, () => {
      const row = FAULTS.find((each) => each.id === id);

      expect((row?.planned ?? 0) * (row?.seeds ?? 0)).to.be.at.least(count);
    });
  }

  it('kills at every place with five seeds, and puts 60 poisons on each queue', () => {
    const [kills, poison] = ['F1', 'F11'].map((id) => FAULTS.find((each) => each.id === id));

    expect(kills?.seeds).to.equal(5);
    expect(kills?.planned).to.be.greaterThan(50);
    expect((poison?.planned ?? 0) % 60).to.equal(0);
    expect(poison?.planned).to.be.greaterThan(60 * 4);
  });

  it('has one row for each fault, in the order of the matrix', () => {
    const numbers = FAULTS.map(({ id }) => Number(id.slice(1)));

    expect(numbers).to.deep.equal([...new Set(numbers)].toSorted((a, b) => a - b));
  });
});

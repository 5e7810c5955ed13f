import { expect } from 'chai';

import { goesAgainst } from './former-direction.ts';

describe('goesAgainst', () => {
  const free = { rank: 0, interval: 'month' };
  const pro = { rank: 1, interval: 'month' };
  const proYearly = { rank: 1, interval: 'year' };
  const retired = { rank: null, interval: 'month' };
  const table = [
    // from, to, upgrade refused, downgrade refused
    ['free to Pro', free, pro, false, true],
    ['Pro to free', pro, free, true, false],
    ['Pro to Pro by the year', pro, proYearly, false, true],
    ['Pro by the year to Pro by the month', proYearly, pro, true, false],
    ['Pro by the year to free by the month', proYearly, free, true, false],
    ['free to Pro by the year', free, proYearly, false, true],
    ['Pro to Pro', pro, pro, false, false],
    ['Pro in quarters to Pro by the month', { rank: 1, interval: 'P3M' }, pro, false, false],
    ['a retired plan to free', retired, free, false, false],
  ] as const;
  for (const [what, from, to, upgrade, downgrade] of table) {
    it(`${what}: ${upgrade ? 'no upgrade' : downgrade ? 'no downgrade' : 'left to the subscription'}`, () => {
      expect([goesAgainst('upgrade', from, to), goesAgainst('downgrade', from, to)]).to.deep.equal([
        upgrade,
        downgrade,
      ]);
    });
  }
});

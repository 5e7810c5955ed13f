import { expect } from 'chai';

import { checkVatIdByDigits } from './jsvat-check.ts';

describe('checkVatIdByDigits', () => {
  const table: readonly [string, string | null, boolean][] = [
    ['DE136695976', 'DE', true],
    ['de 136.695.976', 'DE', true],
    ['DE136695977', 'DE', false], // last digit is wrong
    ['FR11123456782', 'FR', true],
    ['EL094259216', 'GR', true], // Greece by its ISO code
    ['XI110305878', 'GB', true], // Northern Ireland: services are outside the EU's VAT
    ['EU372000063', 'EU', true], // a one-stop-shop id: no member state
    ['XX123', null, false],
    ['', null, false],
  ];
  for (const [vatId, country, valid] of table) {
    it(`${vatId || 'nothing'} is ${valid ? 'valid' : 'not valid'}, of ${country ?? 'no country'}`, () => {
      const check = checkVatIdByDigits(vatId);

      expect([check.country, check.valid]).to.deep.equal([country, valid]);
    });
  }
});

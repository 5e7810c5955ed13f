import { expect } from 'chai';

import { isCountry } from './is-country.ts';

describe('isCountry', () => {
  // XK is the one code that everybody uses beside those that are assigned.
  it('knows the 249 of ISO 3166-1 and Kosovo, and no other two letters', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
    const known = letters.flatMap((first) => letters.map((second) => first + second)).filter(isCountry);

    expect(known).to.have.lengthOf(250);
    expect(known).to.include.members(['FR', 'GB', 'GR', 'SN', 'MC', 'IM', 'XK', 'AQ']);
  });

  for (const code of [
    'UK',
    'EL',
    'EU',
    'ZZ',
    'XX',
    'AA',
    'SU',
    'YU',
    'BU',
    'DD',
    'TP',
    'IC',
    'EA',
    'fr',
    'F',
    'FRA',
    '',
    '12',
  ]) {
    it(`refuses ${JSON.stringify(code)}`, () => {
      expect(isCountry(code)).to.equal(false);
    });
  }
});

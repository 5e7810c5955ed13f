import { expect } from 'chai';

import { directionOf } from './convert-pricing.ts';

describe('directionOf', () => {
  for (const language of ['ar', 'fa', 'he', 'ur', 'ps', 'sd', 'ug', 'yi', 'dv', 'ckb']) {
    it(`${language} is written from right to left`, () => {
      expect(directionOf(language)).to.equal('rtl');
    });
  }
  for (const language of ['en', 'fr', 'zh', 'ku', 'zz']) {
    it(`${language} is written from left to right`, () => {
      expect(directionOf(language)).to.equal('ltr');
    });
  }
});

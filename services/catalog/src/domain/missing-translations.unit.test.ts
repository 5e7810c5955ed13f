import { expect } from 'chai';

import { missingProductTexts } from './missing-translations.ts';

describe('a text that nobody can read', () => {
  const table: readonly [string, string, boolean][] = [
    ['a space', ' ', true],
    ['a no-break space', '\u00A0', true],
    ['a direction mark', '\u200F', true],
    ['a zero-width space', '\u200B', true],
    ['a filler of Hangul', '\u3164', true],
    ['an accent on nothing', '\u0301', true],
    ['Arabic behind a direction mark', '\u200Fالفريق', false],
    ['a picture', '🚀', false],
    ['a digit', '1', false],
  ];
  for (const [what, name, isMissing] of table) {
    it(`${what} ${isMissing ? 'is missing' : 'is there'}`, () => {
      const missing = missingProductTexts({ texts: { ar: { name, description: 'x' } }, meters: [] }, ['ar']);

      expect(missing).to.deep.equal(isMissing ? [{ language: 'ar', text: 'product' }] : []);
    });
  }
});

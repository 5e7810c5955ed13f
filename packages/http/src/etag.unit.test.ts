import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { checkIfMatch, etagMatches, requireIfMatch } from './etag.ts';

const codeOf = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    return isDomainError(error) ? error.code : 'another error';
  }
  return 'goes on';
};

/** RFC 9110, section 8.8.3.2: If-Match compares strongly, If-None-Match weakly. The document is at version 7. */
const TAGS: readonly (readonly [header: string, changes: boolean, known: boolean])[] = [
  ['"7"', true, true],
  ['*', true, true],
  ['"6", "7"', true, true],
  ['"6" ,"7"', true, true],
  ['W/"7"', false, true],
  ['"6", W/"7"', false, true],
  ['w/"7"', false, false],
  ['7', false, false],
  ['"6"', false, false],
  ['"7', false, false],
  ['"7""7"', false, false],
  ['', false, false],
  [',', false, false],
];

for (const [header, changes, known] of TAGS) {
  describe(`the tags ${header === '' ? 'of an empty header' : header}`, () => {
    it(changes ? 'let a change pass as If-Match' : 'let no change pass as If-Match', () => {
      const expected = changes ? 'goes on' : 'platform.version_conflict';

      expect(codeOf(() => requireIfMatch(header, '7'))).to.equal(expected);
      expect(codeOf(() => checkIfMatch(header, '7'))).to.equal(expected);
    });

    it(known ? 'hold what is known as If-None-Match' : 'hold nothing of it as If-None-Match', () =>
      expect(etagMatches(header, '7')).to.equal(known),
    );
  });
}

describe('no If-Match', () => {
  it('is refused where one is required, and nothing where none is', () => {
    expect(codeOf(() => requireIfMatch(null, '7'))).to.equal('platform.if_match_required');
    expect(codeOf(() => checkIfMatch(null, '7'))).to.equal('goes on');
  });
});

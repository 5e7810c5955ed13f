import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect } from 'chai';

import { MUTATIONS } from './mutations.ts';

describe('mutations', () => {
  for (const { name, file, find, replace } of MUTATIONS) {
    it(`still find ${name} exactly once`, () => {
      const text = readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');

      expect(text.split(find)).to.have.lengthOf(2);
      expect(replace).not.to.equal(find);
    });
  }
});

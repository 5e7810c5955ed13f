import { expect } from 'chai';

import { ar } from './ar.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

const textsOf = (catalogue: object, path = ''): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(catalogue).flatMap(([key, value]: [string, unknown]) => {
      const place = path === '' ? key : `${path}.${key}`;
      if (typeof value === 'string') return [[place, value] as const];
      return typeof value === 'object' && value !== null ? [...textsOf(value, place)] : [];
    }),
  );

const blanksOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').toSorted();

describe('the catalogues', () => {
  const english = textsOf(en);

  for (const [language, catalogue] of Object.entries({ fr, ar })) {
    it(`${language} fills the same blanks as English in every text`, () => {
      for (const [place, text] of textsOf(catalogue)) {
        expect(text.trim(), place).not.to.equal('');
        if (place.startsWith('plural.')) continue;
        expect(blanksOf(text), place).to.deep.equal(blanksOf(english.get(place) ?? ''));
      }
    });

    it(`${language} has every plural form of its language`, () => {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const name of ['records', 'unsealedRecords']) {
        for (const form of forms) expect(catalogue.plural).to.have.property(`${name}_${form}`);
      }
    });
  }
});

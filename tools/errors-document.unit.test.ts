import { globSync, readFileSync } from 'node:fs';

import { expect } from 'chai';

import { loadErrorTables } from './generate/errors-document.ts';

/** Codes as the code spells them in a table: `'service.snake_case': {`. Read as text, apart from how the page is made. */
const codesInSources = (): readonly string[] =>
  globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'], { exclude: ['**/generated/**', '**/*.test.ts'] })
    .filter((file) => /\bsatisfies ErrorTable\b/.test(readFileSync(file, 'utf8')))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ {2}'([a-z_]+\.[a-z0-9_]+)': \{/gm)].map((match) => match[1] ?? ''),
    );

const codesInDocument = (): readonly string[] =>
  [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');

describe('docs/errors.md', () => {
  it('has every code of every table and no other', async () => {
    const tables = await loadErrorTables();
    const codes = tables.flatMap(([, table]) => Object.keys(table));

    expect([...codesInDocument()].toSorted()).to.deep.equal(codes.toSorted());
    expect([...codesInSources()].toSorted()).to.deep.equal(codes.toSorted());
  });

  it('gives no code twice', () => {
    const codes = codesInDocument();

    expect(codes.length).to.equal(new Set(codes).size);
  });

  it('prefixes each service’s codes with its own name', async () => {
    const strangers = (await loadErrorTables()).flatMap(([owner, table]) => {
      const prefix = owner === 'kernel' ? 'platform' : owner.replaceAll('-', '_');
      return Object.keys(table).filter((code) => !code.startsWith(`${prefix}.`));
    });

    expect(strangers.filter((code) => code !== 'entitlements.unknown')).to.deep.equal([]);
  });
});

import { globSync, readFileSync } from 'node:fs';

import { DURABLE_STEPS } from '@quittance/runtime';
import { expect } from 'chai';

import { countOf, DURABLE_WRITES, writesIn } from './durable-writes.ts';

const SOURCES = globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'], {
  exclude: ['**/generated/**', '**/*.test.ts'],
}).map((file) => [file, readFileSync(file, 'utf8')] as const);

/** The file that names them, and the tests, take none. */
const TAKEN_IN = SOURCES.filter(([file]) => !file.endsWith('/durable-step.ts'))
  .map(([, text]) => text)
  .join('\n');

describe('durable writes', () => {
  it('are each in a step that has its kill points, or say why they need none', () => {
    const found = SOURCES.map(([file, text]) => [file, writesIn(text)] as const).filter(([, count]) => count > 0);
    const listed = Object.entries(DURABLE_WRITES).map(([file, writes]) => [file, countOf(writes)] as const);

    expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(listed));
  });

  for (const step of DURABLE_STEPS) {
    it(`take the step ${step} somewhere`, () => {
      expect(TAKEN_IN).to.match(new RegExp(`durableStep\\(\\s*'${step.replace('.', '\\.')}'`));
    });
  }

  const CASES: readonly (readonly [text: string, count: number])[] = [
    ['await pool.query(`UPDATE orders SET due_at = $1`)', 1],
    ['UPDATE subscriptions AS s\n  SET version = 1', 1],
    ['ON CONFLICT (id) DO UPDATE SET answer = NULL', 0],
    ['SELECT id FROM orders FOR UPDATE SKIP LOCKED', 0],
    ['DELETE FROM platform.inbox WHERE true; INSERT INTO platform.inbox VALUES (1)', 2],
    ['await client.order.updateMany({ where })', 1],
    // Of a write, which only the unit of work runs.
    ['await tx.order.updateMany({ where })', 0],
    ['await client.order.findMany({ where })', 0],
    ['await database.client.$transaction(work)', 1],
  ];

  for (const [text, count] of CASES) {
    it(`are ${String(count)} in “${text}”`, () => {
      expect(writesIn(text)).to.equal(count);
    });
  }
});

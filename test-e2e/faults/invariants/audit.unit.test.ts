import { expect } from 'chai';

import { type Truths } from '../truths.ts';
import { everythingAudited } from './audit.ts';
import { fakeTruths } from './fake-truths.ts';

interface World {
  /** Rows of the orders of the rail, by the state they are in. */
  readonly orders?: Readonly<Record<string, readonly string[]>>;
  readonly records?: readonly { readonly action: string; readonly id: string; readonly count: number }[];
  readonly sent?: readonly string[];
  readonly kept?: readonly string[];
  readonly seals?: { readonly records: number; readonly seals: number; readonly unsealed: number; broken: number };
}

const SEALED = { records: 2, seals: 2, unsealed: 0, broken: 0 };

/** A suite in which nothing ever happened but what the case says, to orders alone. */
const truthsOf = ({ orders = {}, records = [], sent = [], kept = [], seals = SEALED }: World): Truths => {
  const answer = (service: string, sql: string): readonly object[] => {
    if (sql.includes('platform.outbox')) return service === 'payments-card' ? sent.map((id) => ({ id })) : [];
    if (sql.includes('audit_seals')) return [seals];
    if (sql.includes('GROUP BY action')) return records;
    if (service === 'audit') return kept.map((id) => ({ id }));
    if (!sql.startsWith('SELECT id FROM orders WHERE state =')) return [];
    return Object.entries(orders).flatMap(([state, ids]) =>
      sql.includes(`'${state}'`) ? ids.map((id) => ({ id })) : [],
    );
  };
  return fakeTruths({ rows: (service, sql) => Promise.resolve(JSON.parse(JSON.stringify(answer(service, sql)))) });
};

describe('everythingAudited', () => {
  const expired = (count: number) => ({ action: 'order.expired', id: 'ord_1', count });
  const CASES: readonly (readonly [what: string, world: World, harms: readonly string[]])[] = [
    ['finds nothing where a state has its record', { orders: { expired: ['ord_1'] }, records: [expired(1)] }, []],
    ['finds a state without its record', { orders: { expired: ['ord_1'] } }, ['I7 state ↔ order.expired lost']],
    [
      'finds a state that was recorded twice',
      { orders: { expired: ['ord_1'] }, records: [expired(2)] },
      ['I7 state ↔ order.expired doubled'],
    ],
    ['finds a record of what never was', { records: [expired(1)] }, ['I7 state ↔ order.expired doubled']],
    ['lets a later state overrule it, once', { orders: { completed: ['ord_1'] }, records: [expired(1)] }, []],
    [
      'finds it twice also where it was overruled',
      { orders: { completed: ['ord_1'] }, records: [expired(2)] },
      ['I7 state ↔ order.expired doubled'],
    ],
    ['finds an action whose record did not arrive', { sent: ['aud_1'] }, ['I7 action ↔ record lost']],
    ['finds a record that no action sent', { kept: ['aud_1'] }, ['I7 action ↔ record doubled']],
    ['finds what waits for its seal', { seals: { ...SEALED, seals: 1, unsealed: 1 } }, ['I7 stuck']],
    ['finds a link that does not fit', { seals: { ...SEALED, broken: 1 } }, ['I7 unbalanced']],
  ];

  for (const [what, world, harms] of CASES) {
    it(what, async () => {
      const found = await everythingAudited(truthsOf(world));

      expect(found.map(({ invariant, harm }) => `${invariant} ${harm}`)).to.deep.equal(harms);
    });
  }
});

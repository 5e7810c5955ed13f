import { money } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import { day } from '../../test/builders/change.ts';
import { signedDifference } from './change-lines.ts';
import { type ChangeLine } from './change.ts';
import { type SubscriptionItem } from './subscription.ts';

const item = (key: string, quantity: number, priceMinor: bigint): SubscriptionItem => ({
  key,
  planId: null,
  planVersionId: null,
  name: key,
  quantity,
  unitPrice: money(priceMinor, 'USD'),
  taxBehavior: 'exclusive',
});

describe('signedDifference', () => {
  const period = { start: day('2027-06-01'), end: day('2027-07-01') };
  const items = fc
    .uniqueArray(fc.constantFrom('basic', 'standard', 'training', 'storage'), { minLength: 1 })
    .chain((keys) =>
      fc.tuple(
        ...keys.map((key) =>
          fc
            .record({ quantity: fc.integer({ min: 1, max: 50 }), price: fc.bigInt({ min: 0n, max: 1_000_000n }) })
            .map(({ quantity, price }) => item(key, quantity, price)),
        ),
      ),
    );
  const fractions = fc
    .tuple(fc.bigInt({ min: 0n, max: 2_678_400_000n }), fc.bigInt({ min: 1n, max: 2_678_400_000n }))
    .map(([one, other]) =>
      one < other ? { numerator: one, denominator: other } : { numerator: other, denominator: one },
    )
    .filter(({ denominator }) => denominator > 0n);
  const totalOf = (lines: readonly ChangeLine[]): bigint =>
    lines.reduce((total, { unitPrice, quantity }) => total + unitPrice.amountMinor * BigInt(quantity), 0n);

  it('nets to nothing over any sequence of changes and the same way back at one instant, line by line', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 2, maxLength: 5 }), fractions, (stations, fraction) => {
        const rest = { fraction, period, currency: 'USD', language: null } as const;
        const steps = stations.slice(1).map((to, index) => [stations[index] ?? to, to] as const);
        const there = steps.map(([from, to]) => signedDifference(from, to, rest));
        const back = steps.map(([from, to]) => signedDifference(to, from, rest)).toReversed();

        const all = [...there, ...back];
        for (const { lines, total } of all) {
          expect(totalOf(lines)).to.equal(lines.length === 0 ? 0n : total.amountMinor);
        }
        expect(totalOf(all.flatMap(({ lines }) => lines))).to.equal(0n);
        // What one way credits, the other charges: the same lines with their signs turned, but for the one that carries
        // the units of rounding.
        for (const [index, { lines }] of there.entries()) {
          const turned = back.at(-1 - index)?.lines ?? [];
          const amounts = (of: readonly ChangeLine[], sign: bigint) =>
            new Map(
              of.flatMap(({ description, unitPrice }) => {
                const amount = unitPrice.amountMinor * sign;
                return amount === 0n ? [] : [[`${amount < 0n ? '-' : '+'}${nameOf(description)}`, amount] as const];
              }),
            );
          const [one, other] = [amounts(lines.slice(0, -1), 1n), amounts(turned.slice(0, -1), -1n)];
          for (const [name, amount] of one) if (other.has(name)) expect(other.get(name), name).to.equal(amount);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function nameOf(description: string): string {
  return description.slice(0, description.indexOf(','));
}

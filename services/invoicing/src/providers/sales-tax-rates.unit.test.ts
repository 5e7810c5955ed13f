import { existsSync, readFileSync } from 'node:fs';

import { expect } from 'chai';
import { z } from 'zod';

import { EU_MEMBER_STATES } from '../domain/eu-member-states.ts';
import { salesTaxRates } from './sales-tax-rates.ts';

const TODAY = new Date('2026-03-02T12:00:00Z');

describe('salesTaxRates', () => {
  const table: readonly [string, string, number | null][] = [
    ['FR', '2026-03-02', 200_000],
    ['NG', '2026-03-02', 75_000], // 7.5 % is exact in parts per million
    ['DE', '2020-12-31', 160_000], // lowered for half a year
    ['DE', '2021-01-02', 190_000],
    ['US', '2026-03-02', null], // no national rate
    ['SN', '2026-03-02', null], // not in the library
    ['ZZ', '2026-03-02', null],
  ];
  for (const [country, day, expected] of table) {
    it(`${country} on ${day} is ${expected}`, async () => {
      expect(await salesTaxRates.standardRatePpm(country, new Date(`${day}T12:00:00Z`))).to.equal(expected);
    });
  }

  it('asks each question about its own day, also at the same moment', async () => {
    const days = ['2020-12-31T12:00:00Z', '2021-01-02T12:00:00Z', '2020-12-31T12:00:00Z'];
    const rates = await Promise.all(days.map((day) => salesTaxRates.standardRatePpm('DE', new Date(day))));

    expect(rates).to.deep.equal([160_000, 190_000, 160_000]);
  });

  // Rates as somebody else collected them; the sentence at the end is printed where they are not checked out.
  const oracle = new URL('../../../../../shared/oracles/tax/eu_vat_rates_ibericode.json', import.meta.url);
  if (existsSync(oracle)) {
    const Rates = z.object({
      items: z.record(
        z.string(),
        z.array(z.object({ effective_from: z.string(), rates: z.object({ standard: z.number() }) })),
      ),
    });

    it('agrees with an independent list on every member state’s standard rate', async () => {
      const { items } = Rates.parse(JSON.parse(readFileSync(oracle, 'utf8')));
      const listed = Object.entries(items).filter(([country]) => EU_MEMBER_STATES.has(country));

      expect(listed.map(([country]) => country).toSorted()).to.deep.equal([...EU_MEMBER_STATES].toSorted());
      for (const [country, history] of listed) {
        const [current] = history.toSorted((a, b) => b.effective_from.localeCompare(a.effective_from));
        const expected = Math.round((current?.rates.standard ?? Number.NaN) * 10_000);
        expect(await salesTaxRates.standardRatePpm(country, TODAY), country).to.equal(expected);
      }
    });
  } else {
    process.stdout.write('invoicing: EU VAT rate oracle is absent (../shared/oracles), its comparison was not run\n');
  }
});

import { assert } from '@quittance/kernel';
import shared from 'sales-tax';

import { type TaxRates } from '../application/ports.ts';

/**
 * The library is used for one thing: the standard rate of a country on a day. It is a global that reads the wall clock,
 * so every question gets an instance of its own that believes in the day it is asked about.
 */
export const salesTaxRates: TaxRates = {
  standardRatePpm: async (country, at) => {
    const rates: unknown = Reflect.construct(shared.constructor, []);
    assert(isSalesTax(rates), 'sales-tax gives instances of its own');
    Object.defineProperty(rates, '__getCurrentDate', { value: () => at });
    const { type, rate } = await rates.getSalesTax(country);
    return type === 'none' ? null : Math.round(rate * PPM);
  },
};

const PPM = 1_000_000;

const isSalesTax = (value: unknown): value is typeof shared =>
  typeof value === 'object' && value !== null && 'getSalesTax' in value && '__getCurrentDate' in value;

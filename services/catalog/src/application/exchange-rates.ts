import { must } from '@quittance/kernel';
import { type Currency } from '@quittance/money';

import { refuseDuplicates, refuseStrangeCurrencies } from '../domain/check-document.ts';
import { type ExchangeRate } from '../domain/definition.ts';
import { toRateText } from '../domain/rate-text.ts';
import { type ChangeDeps } from './plan-changes.ts';

export interface RatesView {
  readonly base: Currency;
  /** By currency. */
  readonly rates: readonly ExchangeRate[];
}

export interface ExchangeRates {
  read(): Promise<RatesView>;
  /** @throws `catalog.duplicate`, `catalog.unsupported_currency` */
  set(
    rates: readonly Pick<ExchangeRate, 'quote' | 'rateE8'>[],
    mustHaveRead: (view: RatesView) => void,
  ): Promise<RatesView>;
}

/** What prices are converted with when a plan is published; versions on sale keep theirs. */
export const makeExchangeRates = (deps: ChangeDeps): ExchangeRates => {
  const base = must(deps.policy.currencies[0], 'a base currency');
  const read = async (): Promise<RatesView> => {
    const rates = (await deps.store.rates()).filter((rate) => rate.base === base);
    return { base, rates: rates.toSorted((a, b) => (a.quote < b.quote ? -1 : 1)) };
  };
  return {
    read,
    set: async (wanted, mustHaveRead) => {
      await deps.changeCatalog(async () => {
        const before = await read();
        mustHaveRead(before);
        refuseDuplicates(wanted.map(({ quote }) => `rate ${quote}`));
        // A rate from the base to itself is as useless as one for a currency that nothing is sold in.
        refuseStrangeCurrencies(
          wanted.map(({ quote }) => quote),
          deps.policy.currencies.filter((currency) => currency !== base),
        );
        const asOf = deps.clock.now();
        const rates = wanted.map(({ quote, rateE8 }) => ({ base, quote, rateE8, asOf }));
        const commit = {
          writes: [deps.store.replaceRates(base, rates)],
          messages: [],
          audit: [
            {
              action: 'exchange_rates.set',
              subject: { type: 'exchange_rates', id: base },
              accountId: null,
              before: recordOf(before.rates),
              after: recordOf(rates),
            },
          ],
        };
        return { commit, answer: null };
      });
      return read();
    },
  };
};

const recordOf = (rates: readonly ExchangeRate[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rates.map(({ quote, rateE8 }) => [quote, toRateText(rateE8)] as const));

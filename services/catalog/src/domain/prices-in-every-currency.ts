import { must } from '@quittance/kernel';
import { type Currency, exponentOf, money, multiplyRatio } from '@quittance/money';

import { type CatalogPolicy, type ExchangeRate, taxBehaviorIn } from './definition.ts';
import { catalogFail } from './errors.ts';
import { type PriceDefinition, type PriceTerms } from './plan.ts';

const E8 = 100_000_000n;
/** JSON numbers are exact up to here. */
const EXACT_MINOR_MAX = BigInt(Number.MAX_SAFE_INTEGER);
/**
 * No card is charged more digits in any currency. In most it is far less (Stripe's API names eight for US dollars):
 * that is the provider's to say of an order, because quantity and tax are in it too.
 */
const CHARGE_MINOR_MAX = 999_999_999_999n;

/**
 * The prices as set, and for each currency without one of its own the base currency's price, converted: the general one
 * for everywhere, a country's own for that country. Who sets a general price in a currency means it for every country
 * that has none of its own there, so a country's price in the base does not go before it. Converting
 * happens when a version is published and never again: what the page shows is what the checkout charges, also when
 * rates move in between. Rounded once, half away from zero, to the currency's minor unit. Whether tax is in a converted
 * price is a habit of those who pay in that currency, not of the base price: the policy says so.
 *
 * @throws `catalog.rate_missing`, `catalog.price_too_high`, `catalog.price_too_low`
 */
export const pricesInEveryCurrency = (
  set: readonly PriceDefinition[],
  policy: Pick<CatalogPolicy, 'currencies' | 'taxInclusive'>,
  { rates, selfServe }: { readonly rates: readonly ExchangeRate[]; readonly selfServe: boolean },
): readonly PriceTerms[] => {
  const { currencies } = policy;
  const base = must(currencies[0], 'a base currency');
  const convertible = set.filter(({ currency }) => currency === base);
  const converted = currencies.flatMap((currency) =>
    convertible
      .filter(
        ({ interval, region }) =>
          !set.some(
            (price) =>
              price.currency === currency &&
              price.interval === interval &&
              (price.region === null || price.region === region),
          ),
      )
      .map((price): PriceTerms => ({
        ...price,
        currency,
        amountMinor: convert(price, currency, rates),
        taxBehavior: taxBehaviorIn(currency, policy),
        converted: true,
      })),
  );
  const all = [...set.map((price): PriceTerms => ({ ...price, converted: false })), ...converted];
  for (const price of all) refuseTooHigh(price, selfServe ? CHARGE_MINOR_MAX : EXACT_MINOR_MAX);
  return all;
};

const convert = (price: PriceDefinition, currency: Currency, rates: readonly ExchangeRate[]): bigint => {
  // Nothing costs nothing everywhere; Free needs no rate.
  if (price.amountMinor === 0n) return 0n;
  const rate = rates.find(({ base, quote }) => base === price.currency && quote === currency);
  if (rate === undefined) {
    throw catalogFail('catalog.rate_missing', `There is no price in ${currency} and no rate from ${price.currency}.`, {
      details: { base: price.currency, currency },
    });
  }
  const numerator = rate.rateE8 * 10n ** BigInt(exponentOf(currency));
  const denominator = E8 * 10n ** BigInt(exponentOf(price.currency));
  const { amountMinor } = multiplyRatio(money(price.amountMinor, price.currency), numerator, denominator);
  // What costs something would be given away, at once and to everybody.
  if (amountMinor === 0n) {
    const from = `${price.amountMinor} ${price.currency} minor units`;
    throw catalogFail(
      'catalog.price_too_low',
      `Per ${price.interval}, ${from} would round to nothing in ${currency}.`,
      { details: { currency, interval: price.interval } },
    );
  }
  return amountMinor;
};

const refuseTooHigh = ({ currency, interval, amountMinor }: PriceTerms, mostMinor: bigint): void => {
  if (amountMinor <= mostMinor) return;
  throw catalogFail(
    'catalog.price_too_high',
    `Per ${interval} it would cost ${amountMinor} ${currency} minor units, and ${mostMinor} are the most.`,
    { details: { currency, interval } },
  );
};

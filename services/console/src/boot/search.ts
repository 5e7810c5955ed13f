import type { Interval, PlanPrice } from '../api/answers.ts';

// What an address may carry. Anything else in it is dropped, so a forged link can at most pick another plan.

/** As the API takes at most. */
export const QUANTITY_MAX = 100_000;

type Search = Readonly<Record<string, unknown>>;

const currencyOf = ({ currency }: Search): string | undefined =>
  typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined;

const countryOf = ({ country }: Search): string | undefined =>
  typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : undefined;

const intervalOf = ({ interval }: Search): Interval | undefined => (isInterval(interval) ? interval : undefined);

const isInterval = (value: unknown): value is Interval =>
  value === 'month' || value === 'year' || (typeof value === 'string' && /^P[1-9]\d{0,3}[DWMY]$/.test(value));

export interface PricingSearch {
  readonly currency?: string;
  readonly interval?: Interval;
}

export const pricingSearch = (search: Search): PricingSearch => {
  const currency = currencyOf(search);
  const interval = intervalOf(search);
  return { ...(currency === undefined ? {} : { currency }), ...(interval === undefined ? {} : { interval }) };
};

export interface CheckoutSearch {
  readonly interval: Interval;
  readonly currency: string;
  /** Named where the price on the card is for one country only. */
  readonly country?: string;
  /** Left out: one. */
  readonly quantity?: number;
}

export const checkoutSearch = (search: Search): CheckoutSearch => {
  const country = countryOf(search);
  const quantity = quantityOf(search);
  return {
    interval: intervalOf(search) ?? 'month',
    currency: currencyOf(search) ?? 'USD',
    ...(country === undefined ? {} : { country }),
    ...(quantity === undefined ? {} : { quantity }),
  };
};

const quantityOf = ({ quantity }: Search): number | undefined =>
  typeof quantity === 'number' && Number.isInteger(quantity) && quantity >= 1 && quantity <= QUANTITY_MAX
    ? quantity
    : undefined;

/** Where a card leads: to an order of exactly the price it shows. */
export const orderOf = ({ interval, amount, region }: PlanPrice): CheckoutSearch => ({
  interval,
  currency: amount.currency,
  ...(region === null ? {} : { country: region }),
});

export interface SessionSearch {
  readonly session?: string;
}

export const sessionSearch = ({ session }: Search): SessionSearch =>
  typeof session === 'string' && /^chk_[0-9a-z]+$/.test(session) ? { session } : {};

export interface AccountSearch {
  readonly account?: string;
}

export const accountSearch = ({ account }: Search): AccountSearch =>
  typeof account === 'string' && account !== '' ? { account } : {};

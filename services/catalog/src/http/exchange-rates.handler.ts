import { createHash } from 'node:crypto';

import {
  ApplyExchangeRates,
  GetExchangeRates,
  PreviewExchangeRates,
  SetExchangeRates,
  toApiMoney,
} from '@quittance/contracts';
import { checkIfMatch, handle, ok, requireIfMatch, type Route } from '@quittance/http';
import { platformFail } from '@quittance/kernel';
import { type Currency, isCurrency, money } from '@quittance/money';
import { type z } from 'zod';

import { type ApplyRates, type ExchangeRates, type RatesView, type Reconversion } from '../application/index.ts';
import { type Price } from '../domain/plan.ts';
import { fromRateText, toRateText } from '../domain/rate-text.ts';

type ApiRates = z.infer<typeof GetExchangeRates.answer>;
type ApiReconversion = z.infer<typeof PreviewExchangeRates.answer>;

export const exchangeRateRoutes = (rates: ExchangeRates, applyRates: ApplyRates): readonly Route[] => [
  handle(GetExchangeRates, async () => ok(...taggedRates(await rates.read()))),
  handle(SetExchangeRates, async ({ body, request }) => {
    const wanted = body.rates.map(({ currency, rate }) => ({ quote: known(currency), rateE8: fromRateText(rate) }));
    const mustHaveRead = (view: RatesView) => requireIfMatch(request.headers('if-match'), tagOf(view));
    return ok(...taggedRates(await rates.set(wanted, mustHaveRead)));
  }),
  handle(PreviewExchangeRates, async () => {
    const changes = await applyRates.preview();
    return ok(toApiReconversion(changes), { etag: tagOfChanges(changes) });
  }),
  handle(ApplyExchangeRates, async ({ request }) => {
    const mayChange = (seen: readonly Reconversion[]) => checkIfMatch(request.headers('if-match'), tagOfChanges(seen));
    return ok(toApiReconversion(await applyRates.apply(mayChange)));
  }),
];

const toApiRates = ({ base, rates }: RatesView): ApiRates => ({
  base,
  rates: rates.map(({ quote, rateE8, asOf }) => ({
    currency: quote,
    rate: toRateText(rateE8),
    asOf: asOf.toISOString(),
  })),
});

/** The rates have no version of their own: their tag is what they say. */
const tagOf = (view: RatesView): string => hashOf(toApiRates(view));

const tagOfChanges = (changes: readonly Reconversion[]): string => hashOf(toApiReconversion(changes));

const hashOf = (told: unknown): string => createHash('sha256').update(JSON.stringify(told)).digest('base64url');

const taggedRates = (view: RatesView) => [toApiRates(view), { etag: tagOf(view) }] as const;

const known = (currency: string): Currency => {
  if (isCurrency(currency)) return currency;
  throw platformFail('platform.invalid_request', `${currency} is no currency.`, {
    details: { issues: [{ path: 'body.rates', problem: `${currency} is not in ISO 4217` }] },
  });
};

const toApiReconversion = (changes: readonly Reconversion[]): ApiReconversion => ({
  data: changes.map(({ product, before, prices }) => ({
    planId: before.id,
    productKey: product.key,
    planKey: before.key,
    prices: prices.map((change) => ({
      interval: change.after.interval,
      currency: change.after.currency,
      region: change.after.region,
      before: change.before && amountOf(change.before),
      after: amountOf(change.after),
      taxBehavior: change.after.taxBehavior,
    })),
  })),
});

const amountOf = ({ amountMinor, currency }: Price) => toApiMoney(money(amountMinor, currency));

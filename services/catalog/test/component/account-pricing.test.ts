import { GetPricing } from '@quittance/contracts';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { document, PRICE } from '../builders/plan-document.ts';
import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

describe('prices for an account', () => {
  let catalog: RunningCatalog;
  let token: string;

  before(async () => {
    catalog = await startCatalog();
    token = await catalog.ground.tokenFor({ account: 'acc_one', permissions: ['own.read'] });
  });

  after(() => catalog.stop());

  const ask = (query: string, door: 'v1' | 'internal') =>
    catalog.ask(`/${door}/accounts/acc_one/pricing?${query}`, { token });
  const shown = async (plan: string, query: string, door: 'v1' | 'internal' = 'internal') => {
    const { currency, country, products } = GetPricing.answer.parse(await (await ask(query, door)).json());
    const card = products.flatMap(({ plans }) => plans).find(({ key }) => key === plan);
    return card && { currency, country, price: card.prices[0]?.amount };
  };

  it('tell its custom plan in the currencies that has, where none of them is the one shown', async () => {
    const prices = [{ ...PRICE, amount: { amount: 200_000, currency: 'EUR' } }];
    const { planId } = await catalog.createPlan('in-euro', document({ prices }), { accountId: 'acc_one' });
    await catalog.publish(planId);
    await waitFor(async () => (await shown('in-euro', '', 'v1')) !== undefined, {
      what: 'the custom plan',
      deadlineMs: 3000,
    });

    const price = { amount: 200_000, currency: 'EUR' };
    expect(await shown('in-euro', '', 'v1')).to.deep.include({ currency: 'USD', price });
    expect(await shown('in-euro', 'profileCurrency=USD&currency=EUR')).to.deep.include({ currency: 'USD', price });
    expect(await shown('in-euro', 'currency=EUR', 'v1')).to.deep.include({ currency: 'EUR', price });
  });

  // Basic: 5 000 francs in Senegal, 6 000 elsewhere.
  const inFrancs = (amount: number, country: string) => ({
    currency: 'XOF',
    country,
    price: { amount, currency: 'XOF' },
  });
  for (const [what, query, expected] of [
    ['of its profile', '', inFrancs(5000, 'SN')],
    ['of its profile, whatever country it asks for', '&country=CI', inFrancs(5000, 'SN')],
    ['in what it is billed in, whatever it asks for', '&currency=USD', inFrancs(5000, 'SN')],
  ] as const) {
    it(`are those ${what}`, async () => {
      expect(await shown('basic', `profileCountry=SN&profileCurrency=XOF${query}`)).to.deep.equal(expected);
    });
  }

  for (const [what, query, acceptLanguage, language] of [
    ['of its profile where the reader names none', 'profileLanguage=ar', '*', 'ar'],
    ['of its profile where nothing is told in those of the reader', 'profileLanguage=fr-SN', 'de, pt', 'fr'],
    ['that is asked for by name', 'profileLanguage=ar&lang=en', '*', 'en'],
    ['of the reader', 'profileLanguage=ar', 'fr', 'fr'],
    ['that is the first of ours where nobody names one of them', 'profileLanguage=de', 'pt', 'en'],
  ] as const) {
    it(`are told in the language ${what}`, async () => {
      const headers = { 'accept-language': acceptLanguage };
      const answer = await catalog.ask(`/internal/accounts/acc_one/pricing?${query}`, { token, headers });

      expect(GetPricing.answer.parse(await answer.json()).language).to.equal(language);
    });
  }

  for (const door of ['v1', 'internal'] as const) {
    it(`need not be told again to whoever knows them, by ${door}, and are kept by nobody`, async () => {
      const first = await ask('', door);
      const etag = first.headers.get('etag') ?? '';
      const again = await catalog.ask(`/${door}/accounts/acc_one/pricing`, {
        token,
        headers: { 'if-none-match': etag },
      });

      expect(etag).to.match(/^"[\w-]{43}"$/);
      expect(again.status).to.equal(304);
      expect(first.headers.get('cache-control')).to.equal('no-store');
    });
  }

  it('follow what is asked for where the profile’s currency is not offered any more', async () => {
    expect(await shown('basic', 'profileCurrency=JPY&currency=XOF&country=SN')).to.deep.equal(inFrancs(5000, 'SN'));
  });

  it('are refused in a currency that is none, whatever the profile says', async () => {
    const { status, code } = await refusal(await ask('profileCurrency=XOF&currency=ZZZ', 'internal'));

    expect([status, code]).to.deep.equal([400, 'catalog.unsupported_currency']);
  });
});

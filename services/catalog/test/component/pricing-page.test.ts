/** What the pricing page tells beside prices, and what it is asked for in vain. */
import { GetPricing } from '@quittance/contracts';
import { expect } from 'chai';

import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

describe('the pricing page', () => {
  let catalog: RunningCatalog;

  before(async () => {
    catalog = await startCatalog();
  });

  after(() => catalog.stop());

  it('tells the meters of a product in the reader’s language, and the edition of a plan', async () => {
    const { products } = await catalog.pricing('lang=fr&product=automation');

    expect(products.map(({ meters }) => meters)).to.deep.equal([
      [
        { key: 'api_calls', name: 'Appels d’API', unit: 'call', aggregation: 'sum' },
        { key: 'workflows', name: 'Flux de travail', unit: 'workflow', aggregation: 'last' },
      ],
    ]);
    expect(products.flatMap(({ plans }) => plans).map(({ key, editionKey }) => [key, editionKey])).to.deep.equal([
      ['free', 'cloud'],
      ['pro', 'cloud'],
      ['enterprise', 'enterprise'],
    ]);
  });

  for (const country of ['UK', 'ZZ', 'EL']) {
    it(`refuses ${country}, which is no country, as an order does`, async () => {
      const refused = await refusal(await catalog.ask(`/v1/pricing?country=${country}`));

      expect([refused.status, refused.code]).to.deep.equal([400, 'platform.invalid_request']);
    });
  }

  it('overlooks what is no country among the reader’s languages', async () => {
    const answer = await catalog.ask('/v1/pricing', { headers: { 'accept-language': 'en-UK,fr-SN;q=0.5' } });

    expect(GetPricing.answer.parse(await answer.json())).to.include({ country: 'SN', currency: 'XOF' });
  });
});

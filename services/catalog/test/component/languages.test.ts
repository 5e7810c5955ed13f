/** Languages are configuration: one that comes or goes neither stops the service nor loses a text. */
import { ApiPlan } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { expect } from 'chai';

import { document, said } from '../builders/plan-document.ts';
import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

describe('languages of the catalogue', () => {
  let first: RunningCatalog;
  let planId: string;

  const under = async <Result>(languages: string, work: (catalog: RunningCatalog) => Promise<Result>) => {
    const catalog = await startCatalog({ CATALOG_LANGUAGES: languages }, first.ground);
    try {
      return await work(catalog);
    } finally {
      await catalog.service.stop();
    }
  };

  before(async () => {
    first = await startCatalog();
    ({ planId } = await first.createPlan('told-in-three'));
    await first.publish(planId);
    await first.service.stop();
  });

  after(() => first.ground.end());

  it('a new one starts with what is on sale, and is missing where it is missing', async () => {
    await under('en,fr,ar,de', async (catalog) => {
      const { languages, products } = await catalog.pricing('lang=de&currency=USD');
      const plan = ApiPlan.parse(await (await catalog.ask(`/v1/plans/${planId}`)).json());

      expect(languages).to.deep.equal(['en', 'fr', 'ar', 'de']);
      expect(products.flatMap(({ plans }) => plans).length).to.be.greaterThan(10);
      expect(new Set(plan.missing.map(({ language }) => language))).to.deep.equal(new Set(['de']));
    });
  });

  it('a new one holds up no exchange rate: what is on sale was told when it was published', async () => {
    await under('en,fr,ar,de', async (catalog) => {
      const preview = await catalog.ask('/v1/exchange-rates/preview');
      const applied = await catalog.ask('/v1/exchange-rates/apply', { method: 'POST' });
      const published = await refusal(await catalog.publish(planId));

      expect([preview.status, applied.status]).to.deep.equal([200, 200]);
      expect(published).to.include({ status: 422, code: 'catalog.translation_missing' });
    });
  });

  it('the texts of one that went are kept by whoever writes back what was read, and are on no page', async () => {
    await under('en,fr', async (catalog) => {
      const read = await catalog.ask(`/v1/plans/${planId}`);
      const { published } = ApiPlan.parse(await read.json());
      const edited = { ...must(published, 'a version').document, trialDays: 3 };

      const answer = await catalog.ask(`/v1/plans/${planId}`, {
        method: 'PUT',
        body: edited,
        ifMatch: read.headers.get('etag'),
      });
      const product = await catalog.productNamed('automation');
      const { productId, key: _key, version: _version, ...told } = product;
      const productAnswer = await catalog.ask(`/v1/products/${productId}`, { method: 'PUT', body: told, ifMatch: '*' });

      expect(answer.status, await answer.clone().text()).to.equal(200);
      expect(Object.keys(ApiPlan.parse(await answer.json()).draft?.texts ?? {})).to.include('ar');
      expect(productAnswer.status, await productAnswer.clone().text()).to.equal(200);
      expect((await catalog.pricing('currency=USD')).languages).to.deep.equal(['en', 'fr']);
    });
  });

  it('one that never was is refused still', async () => {
    await under('en,fr', async (catalog) => {
      const texts = { ...document().texts, xx: said('Team') };
      const refused = await refusal(
        await catalog.ask(`/v1/plans/${planId}`, { method: 'PUT', body: document({ texts }), ifMatch: '*' }),
      );

      expect(refused).to.include({ status: 400, code: 'catalog.unsupported_language' });
    });
  });
});

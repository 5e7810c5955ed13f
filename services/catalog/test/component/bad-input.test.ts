/** What operators and readers may get wrong: each is a clear problem with a stable code, and nothing is half-written. */
import { GetExchangeRates } from '@quittance/contracts';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { COUPON_TERMS, document, PRICE, said } from '../builders/plan-document.ts';
import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

const itemIn = (texts: object) => ({
  id: 'chat',
  icon: 'message-circle',
  models: ['text-small'],
  quota: 10,
  reset: 'month',
  overage: 'block',
  texts,
});

describe('bad input to catalog', () => {
  let catalog: RunningCatalog;

  before(async () => {
    catalog = await startCatalog();
  });

  after(() => catalog.stop());

  describe('texts of a product that is on sale', () => {
    for (const [what, change, missing] of [
      ['no language at all', { texts: {} }, ['en', 'fr', 'ar']],
      ['English only', { texts: { en: { name: 'Automation', description: 'Runs.' } } }, ['fr', 'ar']],
    ] as const) {
      it(`are refused in ${what}, naming what is missing`, async () => {
        const { productId, version, key: _key, ...body } = await catalog.productNamed('automation');

        const answer = await catalog.ask(`/v1/products/${productId}`, {
          method: 'PUT',
          body: { ...body, ...change },
          ifMatch: `"${String(version)}"`,
        });

        const refused = await refusal(answer);
        expect([refused.status, refused.code]).to.deep.equal([422, 'catalog.translation_missing']);
        expect(refused.details['missing']).to.deep.equal(missing.map((language) => ({ language, text: 'product' })));
        for (const language of missing) expect(refused.detail).to.include(language);
        expect((await catalog.productNamed('automation')).version).to.equal(version);
      });
    }

    it('are refused with a meter nobody can read, naming it', async () => {
      const { productId, version, key: _key, ...body } = await catalog.productNamed('automation');
      const [first] = body.meters;
      const meters = [{ ...first, texts: { en: { name: 'Calls' }, ar: { name: 'نداءات' } } }];

      const answer = await catalog.ask(`/v1/products/${productId}`, {
        method: 'PUT',
        body: { ...body, meters },
        ifMatch: `"${String(version)}"`,
      });

      const refused = await refusal(answer);
      expect([refused.status, refused.code]).to.deep.equal([422, 'catalog.translation_missing']);
      expect(refused.details['missing']).to.deep.equal([{ language: 'fr', text: `meter:${String(first?.key)}` }]);
    });

    it('may still be missing while nothing of it is on sale, and keep its plans from being published', async () => {
      const created = await catalog.post('/v1/products', {
        key: 'shelf',
        prorationBasis: 'actual',
        texts: {},
        editions: ['cloud'],
        meters: [],
      });
      expect(created.status).to.equal(201);
      const { productId } = await catalog.productNamed('shelf');
      const draft = await catalog.createPlan('shelf-team', document(), { productId });

      const refused = await refusal(await catalog.publish(draft.planId));

      expect(refused.code).to.equal('catalog.translation_missing');
    });
  });

  describe('a language that is not configured', () => {
    for (const [what, change] of [
      ['the texts', { texts: { ...document().texts, de: said('Team') } }],
      ['a variant in the texts', { texts: { ...document().texts, 'fr-FR': said('Équipe') } }],
      [
        'an item',
        {
          items: [itemIn({ en: { name: 'Chat', description: 'Talk.' }, de: { name: 'Chat', description: 'Reden.' } })],
        },
      ],
    ] as const) {
      it(`is refused in ${what} of a plan`, async () => {
        const { productId } = await catalog.productNamed('automation');

        const refused = await refusal(
          await catalog.post('/v1/plans', { productId, key: 'strange-language', ...document(), ...change }),
        );

        expect([refused.status, refused.code]).to.deep.equal([400, 'catalog.unsupported_language']);
        expect(refused.details['supported']).to.deep.equal(['en', 'fr', 'ar']);
        expect(refused.remedy).to.include('details.supported');
      });
    }

    it('is refused in a product and in its meters', async () => {
      const { productId, version, key: _key, ...body } = await catalog.productNamed('automation');
      const put = (change: object) =>
        catalog.ask(`/v1/products/${productId}`, {
          method: 'PUT',
          body: { ...body, ...change },
          ifMatch: `"${String(version)}"`,
        });
      const meters = body.meters.map((meter) => ({ ...meter, texts: { ...meter.texts, sw: { name: 'Simu' } } }));

      for (const change of [{ texts: { ...body.texts, sw: { name: 'A', description: 'B.' } } }, { meters }]) {
        const refused = await refusal(await put(change));
        expect([refused.code, refused.details['strange']]).to.deep.equal(['catalog.unsupported_language', ['sw']]);
      }
    });
  });

  it('refuses a plan in a currency that is not sold in, and says what to do about it', async () => {
    const { planId, version } = await catalog.createPlan('yen');
    const body = document({ prices: [{ ...PRICE, amount: { amount: 1, currency: 'JPY' } }] });

    const refused = await refusal(
      await catalog.ask(`/v1/plans/${planId}`, { method: 'PUT', body, ifMatch: `"${String(version)}"` }),
    );

    expect([refused.status, refused.code, refused.details['strange']]).to.deep.equal([
      400,
      'catalog.unsupported_currency',
      ['JPY'],
    ]);
    expect(refused.remedy).to.match(/^Use one of `details.supported`/);
  });

  it('refuses exchange rates for currencies that nothing is sold in', async () => {
    const rates = await catalog.ask('/v1/exchange-rates');
    const body = { rates: [{ currency: 'JPY', rate: '150' }] };

    const refused = await refusal(
      await catalog.ask('/v1/exchange-rates', { method: 'PUT', body, ifMatch: rates.headers.get('etag') }),
    );

    expect([refused.status, refused.code, refused.details['strange']]).to.deep.equal([
      400,
      'catalog.unsupported_currency',
      ['JPY'],
    ]);
  });

  it('refuses to show a product that is on no page, and lists those that are', async () => {
    const refused = await refusal(await catalog.ask('/v1/pricing?product=typo'));

    expect([refused.status, refused.code]).to.deep.equal([400, 'catalog.unknown_product']);
    expect(refused.details['products']).to.include.members(['assistant', 'automation']);
  });

  describe('money', () => {
    for (const [what, change, path] of [
      ['a currency nobody issues', { amount: 1, currency: 'XQX' }, 'body.prices.0.amount.currency'],
      ['three letters that are no currency', { amount: 1, currency: 'ABC' }, 'body.prices.0.amount.currency'],
      [
        'more than a trillion minor units',
        { amount: 1_000_000_000_001, currency: 'USD' },
        'body.prices.0.amount.amount',
      ],
      ['less than nothing', { amount: -1, currency: 'USD' }, 'body.prices.0.amount.amount'],
    ] as const) {
      it(`of a plan in ${what} is refused by its path`, async () => {
        const { productId } = await catalog.productNamed('automation');

        const answer = await catalog.post('/v1/plans', {
          productId,
          key: 'strange-money',
          ...document({ prices: [{ ...PRICE, amount: change }] }),
        });

        expect(await issuesOf(answer)).to.deep.equal([400, 'platform.invalid_request', [path]]);
      });
    }

    it('of a coupon in a currency nobody issues is refused by its path', async () => {
      const discount = { kind: 'fixed', amount: { amount: 500, currency: 'XQX' } };

      const answer = await catalog.post('/v1/coupons', { ...COUPON_TERMS, discount });

      expect(await issuesOf(answer)).to.deep.equal([
        400,
        'platform.invalid_request',
        ['body.discount.amount.currency'],
      ]);
    });

    it('is refused at publication where nobody could be charged it', async () => {
      const prices = [{ ...PRICE, amount: { amount: 1_000_000_000_000, currency: 'USD' } }];
      const { planId } = await catalog.createPlan('unpayable', document({ prices }));

      const refused = await refusal(await catalog.publish(planId));

      expect([refused.status, refused.code]).to.deep.equal([422, 'catalog.price_too_high']);
      expect(refused.details).to.include({ currency: 'USD', interval: 'month' });
    });

    it('converts the highest price there may be, and refuses to publish what no number can tell', async () => {
      const highest = await catalog.createPlan(
        'highest',
        document({
          selfServe: false,
          prices: [{ ...PRICE, amount: { amount: 1_000_000_000_000, currency: 'USD' } }],
        }),
      );
      expect((await catalog.publish(highest.planId)).status).to.equal(200);
      const rates = await catalog.ask('/v1/exchange-rates');
      const { rates: before } = GetExchangeRates.answer.parse(await rates.json());
      const body = {
        rates: before.map(({ currency, rate }) => ({ currency, rate: currency === 'NGN' ? '999999999999' : rate })),
      };
      await catalog.ask('/v1/exchange-rates', { method: 'PUT', body, ifMatch: rates.headers.get('etag') });

      const refused = await refusal(await catalog.publish(highest.planId));

      expect([refused.status, refused.code]).to.deep.equal([422, 'catalog.price_too_high']);
      expect(refused.details).to.include({ currency: 'NGN', interval: 'month' });
    });
  });

  describe('a coupon that nobody could use as it is meant', () => {
    const plan = 'pln_01j8zq4m7e8b2c3d4f5g6h7k8n';

    for (const [what, change, code] of [
      ['for a plan that does not exist', { planIds: [plan] }, 'catalog.unknown_plan'],
      ['for one plan twice', { planIds: [plan, plan] }, 'catalog.duplicate'],
      ['in one currency twice', { currencies: ['EUR', 'EUR'] }, 'catalog.duplicate'],
      ['that expired before it was issued', { expiresAt: '2020-01-01T00:00:00Z' }, 'catalog.coupon_expired'],
      ['in a currency nothing is sold in', { currencies: ['JPY'] }, 'catalog.coupon_currency'],
    ] as const) {
      it(`is refused ${what}`, async () => {
        const refused = await refusal(
          await catalog.post('/v1/coupons', { ...COUPON_TERMS, code: 'REFUSED', ...change }),
        );

        expect([refused.status, refused.code]).to.deep.equal([422, code]);
        expect((await catalog.ground.owner.query("SELECT 1 FROM coupons WHERE code = 'REFUSED'")).rowCount).to.equal(0);
      });
    }
  });

  describe('prices of a plan sold in self service', () => {
    for (const [what, prices, missing] of [
      ['none', [], [{ interval: 'month', currency: 'USD' }]],
      ['one for one country only', [{ ...PRICE, region: 'SN' }], [{ interval: 'month', currency: 'USD' }]],
      [
        'one in another currency only',
        [{ ...PRICE, amount: { amount: 4000, currency: 'EUR' } }],
        [{ interval: 'month', currency: 'USD' }],
      ],
      [
        'a month for everybody and a year for one currency',
        [PRICE, { ...PRICE, interval: 'year', amount: { amount: 40_000, currency: 'EUR' } }],
        [{ interval: 'year', currency: 'USD' }],
      ],
    ] as const) {
      it(`are refused when there is ${what}, naming interval and currency`, async () => {
        const { planId } = await catalog.createPlan(
          `priceless-${what.replaceAll(' ', '-')}`,
          document({ prices: [...prices] }),
        );

        const refused = await refusal(await catalog.publish(planId));

        expect([refused.status, refused.code]).to.deep.equal([422, 'catalog.price_missing']);
        expect(refused.details['missing']).to.deep.equal(missing);
      });
    }

    it('need only be one for an account of its own', async () => {
      const agreed = [{ ...PRICE, amount: { amount: 4000, currency: 'EUR' } }];
      const one = await catalog.createPlan('agreed', document({ prices: agreed }), { accountId: 'acc_agreed' });
      const none = await catalog.createPlan('agreed-nothing', document({ prices: [] }), { accountId: 'acc_agreed' });

      expect((await catalog.publish(one.planId)).status).to.equal(200);
      expect((await refusal(await catalog.publish(none.planId))).code).to.equal('catalog.price_missing');
    });

    it('need not be there at all when people sell it', async () => {
      const { planId } = await catalog.createPlan('by-people', document({ selfServe: false, prices: [] }));

      expect((await catalog.publish(planId)).status).to.equal(200);
    });
  });

  it('shows the page even where texts were lost, by the names that are left', async () => {
    const { productId } = await catalog.productNamed('crm');
    await catalog.ground.owner.query('DELETE FROM product_translations WHERE product_id = $1', [productId]);
    await catalog.ground.owner.query('UPDATE catalog_state SET revision = revision + 1');

    const lost = await waitFor(
      async () =>
        (await catalog.pricing()).products.find(({ key, description }) => key === 'crm' && description === ''),
      { what: 'the product without texts', deadlineMs: 3000 },
    );

    expect(lost).to.include({ name: 'crm' });
  });
});

const issuesOf = async (answer: Response) => {
  const { status, code, details } = await refusal(answer);
  return [status, code, Issues.parse(details['issues']).map(({ path }) => path)];
};

const Issues = z.array(z.object({ path: z.string() }));

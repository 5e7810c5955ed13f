/** What a plan's document may say, under whatever names a caller chose. */
import { ApiPlan } from '@quittance/contracts';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { document, PRICE, said } from '../builders/plan-document.ts';
import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

const inAll = (labels: Readonly<Record<string, string>>) => ({
  texts: { en: { ...said('A'), labels }, fr: { ...said('B'), labels }, ar: { ...said('C'), labels } },
});

const per = <Interval extends string>(interval: Interval, amount: number) => ({
  ...PRICE,
  interval,
  amount: { amount, currency: 'USD' },
});

describe('a plan’s document', () => {
  let catalog: RunningCatalog;

  before(async () => {
    catalog = await startCatalog();
  });

  after(() => catalog.stop());

  const onThePage = async (key: string, query?: string) =>
    (await catalog.pricing(query)).products.flatMap(({ plans }) => plans).find((plan) => plan.key === key);

  it('has the price of a country also where its currency is converted', async () => {
    const dollars = (amount: number) => ({ amount, currency: 'USD' });
    const prices = [
      { ...PRICE, amount: dollars(1000) },
      { ...PRICE, amount: dollars(500), region: 'NG' },
    ];
    const { planId } = await catalog.createPlan('abroad', document({ prices }));
    expect((await catalog.publish(planId)).status).to.equal(200);
    const priceIn = async (query: string) => (await onThePage('abroad', query))?.prices[0];
    await waitFor(() => priceIn('currency=USD'), { what: 'the plan on the page', deadlineMs: 3000 });

    // 5 USD and 10 USD at 1 550 naira.
    expect(await priceIn('country=NG')).to.deep.include({
      amount: { amount: 775_000, currency: 'NGN' },
      region: 'NG',
      converted: true,
    });
    expect(await priceIn('currency=NGN')).to.deep.include({
      amount: { amount: 1_550_000, currency: 'NGN' },
      region: null,
    });
  });

  const itemOf = (id: string, models: readonly string[], quota: number) => {
    const texts = { name: 'Chat', description: 'Talk.' };
    const rest = { icon: 'bot', reset: 'month', overage: 'block', texts: { en: texts, fr: texts, ar: texts } } as const;
    return { id, models: [...models], quota, ...rest };
  };

  for (const [what, change, duplicates] of [
    ['a year under two names', { prices: [per('year', 10_000), per('P12M', 20_000)] }, ['interval year = P12M']],
    ['a week under two names', { prices: [PRICE, per('P7D', 100), per('P1W', 200)] }, ['interval P7D = P1W']],
    ['two years under two names', { prices: [PRICE, per('P24M', 9), per('P2Y', 9)] }, ['interval P24M = P2Y']],
    [
      'a year under another name in another currency',
      { prices: [per('year', 10_000), { ...per('P12M', 9000), amount: { amount: 9000, currency: 'EUR' } }] },
      ['interval year = P12M'],
    ],
    ['a model twice in one item', { items: [itemOf('chat', ['small', 'small'], 5)] }, ['model small']],
    [
      'a model in two items',
      { items: [itemOf('chat', ['small', 'large'], 5), itemOf('more', ['small'], 9)] },
      ['model small'],
    ],
  ] as const) {
    it(`is refused with ${what}, naming it`, async () => {
      const { productId } = await catalog.productNamed('automation');

      const body = { productId, key: 'twice', ...document(), ...change };
      const refused = await refusal(await catalog.post('/v1/plans', body));

      expect([refused.code, refused.details['duplicates']]).to.deep.equal(['catalog.duplicate', [...duplicates]]);
    });
  }

  for (const [what, prices, code] of [
    ['a year under two names', [per('month', 4200), per('year', 10_000), per('P12M', 20_000)], 'catalog.duplicate'],
    [
      'a currency that nothing is sold in any more',
      [PRICE, { ...PRICE, amount: { amount: 5, currency: 'JPY' } }],
      'catalog.unsupported_currency',
    ],
  ] as const) {
    it(`is not published with ${what} that a draft from before that rule has`, async () => {
      const { planId } = await catalog.createPlan(`old-${prices.length}`);
      const stored = prices.map(({ amount: { amount, currency }, ...terms }) => ({
        ...terms,
        currency,
        amountMinor: String(amount),
      }));
      await catalog.ground.owner.query(`UPDATE plans SET draft = jsonb_set(draft, '{prices}', $1) WHERE id = $2`, [
        JSON.stringify(stored),
        planId,
      ]);

      const refused = await refusal(await catalog.publish(planId));

      expect(refused.code).to.equal(code);
      const after = ApiPlan.parse(await (await catalog.ask(`/v1/plans/${planId}`)).json());
      expect([after.status, after.published]).to.deep.equal(['draft', null]);
    });
  }

  it('may have cycles that are nearly as long', async () => {
    const prices = [PRICE, per('P30D', 4200), per('P52W', 40_000), per('P365D', 40_000), per('year', 42_000)];

    const { planId } = await catalog.createPlan('nearly', document({ prices }));

    expect((await catalog.publish(planId)).status).to.equal(200);
  });

  describe('with names that every object of the language has', () => {
    const entitlements = [{ kind: 'switch', feature: 'constructor', enabled: true }] as const;

    it('lacks the label of such a feature like that of any other', async () => {
      const { planId, missing } = await catalog.createPlan(
        'unlabelled',
        document({ entitlements: [...entitlements], ...inAll({}) }),
      );

      expect(missing).to.deep.equal(['en', 'fr', 'ar'].map((language) => ({ language, text: 'label:constructor' })));
      expect(ApiPlan.parse(await (await catalog.ask(`/v1/plans/${planId}`)).json()).missing).to.deep.equal(missing);
    });

    it('is published and shown with the label it was given', async () => {
      const { planId } = await catalog.createPlan(
        'labelled',
        document({ entitlements: [...entitlements], ...inAll({ constructor: 'A builder' }) }),
      );
      expect((await catalog.publish(planId)).status).to.equal(200);

      const card = await waitFor(() => onThePage('labelled'), { what: 'the plan on the page', deadlineMs: 3000 });

      expect(card?.entitlements).to.deep.equal([{ ...entitlements[0], label: 'A builder' }]);
    });

    it('is refused with a text under a name that is no language, saying what one is like', async () => {
      const { productId } = await catalog.productNamed('automation');
      const texts = { ...document().texts, EN: said('Nobody') };

      const { details } = await refusal(
        await catalog.post('/v1/plans', { productId, key: 'shouted', ...document(), texts }),
      );

      const problem = 'the name must be a language tag like fr';
      expect(details['issues']).to.deep.equal([{ path: 'body.texts.EN', problem }]);
    });

    it('is refused with a text in the language __proto__, as in any other strange one', async () => {
      const { productId } = await catalog.productNamed('automation');
      const texts = { ...document().texts, ['__proto__']: said('Nobody') };

      const refused = await refusal(
        await catalog.post('/v1/plans', { productId, key: 'nobody', ...document({ texts }) }),
      );

      expect([refused.status, refused.code]).to.deep.equal([400, 'platform.invalid_request']);
      expect(refused.detail).to.include('body.texts.__proto__');
    });
  });
});

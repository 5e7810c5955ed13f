import {
  ApiPlan,
  GetCoupon,
  GetExchangeRates,
  GetPricing,
  GetProduct,
  httpContracts,
  ListPlans,
  PlanPublished,
} from '@quittance/contracts';
import { type ServiceGround, waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { type z } from 'zod';

import { COUPON_TERMS, document, PRICE, said } from '../builders/plan-document.ts';
import { refusal as refusalOf, type RunningCatalog, startCatalog } from '../running-catalog.ts';

describe('catalog for operators', () => {
  let catalog: RunningCatalog;
  let ground: ServiceGround;
  let ask: RunningCatalog['ask'];
  /** Names of the contracts that changed something here. */
  const changed = new Set<string>();

  before(async () => {
    catalog = await startCatalog();
    ({ ground, ask } = catalog);
  });

  after(() => catalog.stop());

  const refusal = async (answer: Response): Promise<readonly [number, string]> => {
    const { status, code } = await refusalOf(answer);
    return [status, code];
  };

  /** Does what the contract is for and looks for its record. */
  const change = async <Answer>(
    contract: (typeof httpContracts)[number] & { readonly answer: z.ZodType<Answer> },
    path: string,
    how: { body?: unknown; ifMatch?: string | null } = {},
  ): Promise<Answer> => {
    const before = (await ground.audited()).filter((action) => action === contract.audit).length;
    const answer = await ask(path, { method: contract.method, ...how });
    const body: unknown = await answer.json();
    expect([answer.status, body]).to.have.property('0').that.equals(contract.status, JSON.stringify(body));
    const records = (await ground.audited()).filter((action) => action === contract.audit).length;
    expect(records, `records of ${contract.audit}`).to.equal(before + 1);
    changed.add(contract.name);
    return contract.answer.parse(body);
  };

  const contract = (name: string) => {
    const found = httpContracts.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no contract ${name}`);
    return found;
  };

  const productId = async (key: string): Promise<string> => (await catalog.productNamed(key)).productId;

  const createPlan = async (key: string, body: object = document(), extra: object = {}) =>
    ApiPlan.parse(
      await change(contract('CreatePlan'), '/v1/plans', {
        body: { productId: await productId('automation'), key, ...extra, ...body },
      }),
    );

  const act = async (name: 'PublishPlan' | 'RetirePlan', planId: string) =>
    ApiPlan.parse(await change(contract(name), `/v1/plans/${planId}/${name === 'PublishPlan' ? 'publish' : 'retire'}`));

  const onThePage = async (key: string, query?: string) =>
    (await catalog.pricing(query)).products.flatMap(({ plans }) => plans).find((plan) => plan.key === key);

  it('takes a plan from draft over two versions to its retirement', async () => {
    const draft = await createPlan('crew');
    expect([draft.status, draft.published, draft.missing]).to.deep.equal(['draft', null, []]);
    expect(await onThePage('crew')).to.equal(undefined);

    const first = await act('PublishPlan', draft.planId);
    expect([first.status, first.draft, first.published?.versionNumber]).to.deep.equal(['published', null, 1]);
    await waitFor(async () => (await onThePage('crew')) !== undefined, {
      what: 'the plan on the page',
      deadlineMs: 3000,
    });

    const dearer = document({ prices: [{ ...PRICE, amount: { amount: 4900, currency: 'USD' } }] });
    const edited = ApiPlan.parse(
      await change(contract('EditPlan'), `/v1/plans/${draft.planId}`, {
        body: dearer,
        ifMatch: `"${String(first.version)}"`,
      }),
    );
    expect(edited.draft).to.deep.equal(dearer);
    expect(edited.published?.document).to.deep.equal(document());
    await change(contract('DiscardDraft'), `/v1/plans/${draft.planId}/draft`);
    await ask(`/v1/plans/${draft.planId}`, { method: 'PUT', body: dearer, ifMatch: '*' });
    const second = await act('PublishPlan', draft.planId);
    await waitFor(async () => (await onThePage('crew'))?.prices[0]?.amount.amount === 4900, {
      what: 'the new price on the page',
      deadlineMs: 1000,
    });
    expect(second.published?.versionNumber).to.equal(2);

    const retired = await act('RetirePlan', draft.planId);
    expect(retired.status).to.equal('retired');
    await waitFor(async () => (await onThePage('crew')) === undefined, {
      what: 'the plan to be gone',
      deadlineMs: 3000,
    });
    const told = (await ground.sent(PlanPublished.type))
      .map(({ data }) => PlanPublished.data.parse(data))
      .filter(({ planId }) => planId === draft.planId);
    expect(told.map(({ versionNumber, status }) => [versionNumber, status])).to.deep.equal([
      [1, 'published'],
      [2, 'published'],
      [2, 'retired'],
    ]);
  });

  it('refuses to publish while a configured language is missing, and says which', async () => {
    const { planId, missing } = await createPlan('half', document({ texts: { en: said('Half'), fr: said('Demi') } }));
    expect(missing).to.deep.equal([{ language: 'ar', text: 'plan' }]);

    const answer = await ask(`/v1/plans/${planId}/publish`, { method: 'POST' });

    const problem = await refusalOf(answer);
    expect([problem.status, problem.code]).to.deep.equal([422, 'catalog.translation_missing']);
    expect(problem.details['missing']).to.deep.equal([{ language: 'ar', text: 'plan' }]);
  });

  it('saves an edit only over the version that was read', async () => {
    const { planId, version } = await createPlan('raced');
    const put = (ifMatch: string | null) => ask(`/v1/plans/${planId}`, { method: 'PUT', body: document(), ifMatch });

    const answers = await Promise.all([put(`"${String(version)}"`), put(`"${String(version)}"`)]);

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).to.deep.equal([200, 409]);
    expect(await refusal(await put(null))).to.deep.equal([400, 'platform.if_match_required']);
    const tag = (await ask(`/v1/plans/${planId}`)).headers.get('etag');
    expect((await put(tag)).status).to.equal(200);
  });

  for (const [what, body, code] of [
    ['one price twice', document({ prices: [PRICE, PRICE] }), 'catalog.duplicate'],
    ['an edition that is not there', document({ editionKey: 'moon' }), 'catalog.edition_unknown'],
    [
      'a currency that is not sold in',
      document({ prices: [{ ...PRICE, amount: { amount: 1, currency: 'JPY' } }] }),
      'catalog.unsupported_currency',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const answer = await ask('/v1/plans', {
        method: 'POST',
        body: { productId: await productId('automation'), key: 'refused', ...body },
      });

      expect((await refusal(answer))[1]).to.equal(code);
      expect((await ground.owner.query("SELECT 1 FROM plans WHERE key = 'refused'")).rowCount).to.equal(0);
    });
  }

  it('gives a key once, and one plan for one Idempotency-Key', async () => {
    const body = { productId: await productId('automation'), key: 'once', ...document() };
    const key = 'the-same-key-twice';

    const [first, again] = [
      ApiPlan.parse(await (await ask('/v1/plans', { method: 'POST', body, key })).json()),
      ApiPlan.parse(await (await ask('/v1/plans', { method: 'POST', body, key })).json()),
    ];

    expect(again.planId).to.equal(first.planId);
    expect(await refusal(await ask('/v1/plans', { method: 'POST', body }))).to.deep.equal([422, 'catalog.key_taken']);
  });

  it('does not sell in self service without a price', async () => {
    const { planId } = await createPlan('priceless', document({ prices: [] }));

    expect(await refusal(await ask(`/v1/plans/${planId}/publish`, { method: 'POST' }))).to.deep.equal([
      422,
      'catalog.price_missing',
    ]);
    expect(await refusal(await ask(`/v1/plans/${planId}/retire`, { method: 'POST' }))).to.deep.equal([
      409,
      'catalog.not_published',
    ]);
  });

  it('bills in custom cycles, the shortest first', async () => {
    const { planId } = await createPlan(
      'cycles',
      document({ prices: [{ ...PRICE, interval: 'P90D' }, { ...PRICE, interval: 'P2W' }, PRICE] }),
    );
    await act('PublishPlan', planId);

    await waitFor(async () => (await onThePage('cycles')) !== undefined, { what: 'the plan', deadlineMs: 3000 });
    expect((await onThePage('cycles'))?.prices.map(({ interval }) => interval)).to.deep.equal(['P2W', 'month', 'P90D']);
  });

  it('shows a custom plan to its account only', async () => {
    const { planId } = await createPlan('for-one', document(), { accountId: 'acc_one' });
    await act('PublishPlan', planId);
    const tokenOf = (account: string) => ground.tokenFor({ account, permissions: ['own.read', 'own.write'] });
    const plansOf = async (account: string, token: string) => {
      const answer = await ask(`/v1/accounts/${account}/pricing?currency=USD`, { token });
      if (answer.status !== 200) return answer.status;
      const { products } = GetPricing.answer.parse(await answer.json());
      return products.flatMap(({ plans }) => plans).find(({ key }) => key === 'for-one')?.custom;
    };

    await waitFor(async () => (await plansOf('acc_one', await tokenOf('acc_one'))) === true, {
      what: 'the custom plan',
      deadlineMs: 3000,
    });
    expect(await plansOf('acc_two', await tokenOf('acc_two'))).to.equal(undefined);
    expect(await plansOf('acc_one', await tokenOf('acc_two'))).to.equal(404);
    expect(await plansOf('acc_one', await ground.tokenFor({ permissions: ['billing.read'] }))).to.equal(true);
    expect(await onThePage('for-one')).to.equal(undefined);
  });

  it('takes currency and prices of the country that the reader’s languages name, and says which it is', async () => {
    const answer = await ask('/v1/pricing', { headers: { 'accept-language': 'fr-SN, fr;q=0.8' } });

    const told = GetPricing.answer.parse(await answer.json());
    expect(told).to.include({ currency: 'XOF', language: 'fr', country: 'SN' });
    const basic = told.products.flatMap(({ plans }) => plans).find(({ key }) => key === 'basic');
    // 5 000 francs in Senegal, 6 000 elsewhere.
    expect(basic?.prices[0]).to.deep.include({ amount: { amount: 5000, currency: 'XOF' }, region: 'SN' });
  });

  it('keeps exchange rates as a document; what is on sale keeps its prices until it is published again', async () => {
    const read = await ask('/v1/exchange-rates');
    const before = GetExchangeRates.answer.parse(await read.json());
    expect(before.rates.find(({ currency }) => currency === 'EUR')?.rate).to.equal('0.92');
    const body = {
      rates: before.rates.map(({ currency, rate }) => ({ currency, rate: currency === 'GHS' ? '20.00000001' : rate })),
    };

    const after = GetExchangeRates.answer.parse(
      await change(contract('SetExchangeRates'), '/v1/exchange-rates', { body, ifMatch: read.headers.get('etag') }),
    );

    expect(after.rates.find(({ currency }) => currency === 'GHS')?.rate).to.equal('20.00000001');
    expect((await onThePage('pro', 'currency=GHS'))?.prices[0]?.amount.amount).to.equal(150_480);
    const pro = ListPlans.answer
      .parse(await (await ask('/v1/plans?limit=100&product=automation')).json())
      .data.find(({ key }) => key === 'pro');
    await act('PublishPlan', pro?.planId ?? '');
    // 99 USD × 20.00000001 = 1 980.00000099 cedi.
    await waitFor(async () => (await onThePage('pro', 'currency=GHS'))?.prices[0]?.amount.amount === 198_000, {
      what: 'the new conversion',
      deadlineMs: 3000,
    });
    await change(contract('ApplyExchangeRates'), '/v1/exchange-rates/apply');
    const stale = await ask('/v1/exchange-rates', { method: 'PUT', body, ifMatch: read.headers.get('etag') });
    expect(await refusal(stale)).to.deep.equal([409, 'platform.version_conflict']);
  });

  it('makes and edits products; what is on sale stays as it was sold', async () => {
    const body = {
      prorationBasis: 'actual',
      texts: Object.fromEntries(
        ['en', 'fr', 'ar'].map((language) => [language, { name: 'Desk', description: 'A desk.' }]),
      ),
      editions: ['cloud'],
      meters: [
        {
          key: 'tickets',
          unit: 'ticket',
          aggregation: 'sum',
          texts: { en: { name: 'Tickets' }, fr: { name: 'Tickets' }, ar: { name: 'التذاكر' } },
        },
      ],
    };
    const product = GetProduct.answer.parse(
      await change(contract('CreateProduct'), '/v1/products', { body: { key: 'desk', ...body } }),
    );
    const plan = ApiPlan.parse(
      await change(contract('CreatePlan'), '/v1/plans', {
        body: { productId: product.productId, key: 'desk-team', ...document() },
      }),
    );
    await act('PublishPlan', plan.planId);

    const edited = GetProduct.answer.parse(
      await change(contract('EditProduct'), `/v1/products/${product.productId}`, {
        body: { ...body, prorationBasis: 'fixed30', editions: ['cloud', 'on-premise'] },
        ifMatch: `"${String(product.version)}"`,
      }),
    );

    expect(edited.editions.toSorted()).to.deep.equal(['cloud', 'on-premise']);
    const told = (await ground.sent(PlanPublished.type))
      .map(({ data }) => PlanPublished.data.parse(data))
      .filter(({ planId }) => planId === plan.planId);
    expect(told.map(({ prorationBasis }) => prorationBasis)).to.deep.equal(['actual']);
    const fewer = await ask(`/v1/products/${product.productId}`, { method: 'PUT', body, ifMatch: '*' });
    expect(await refusal(fewer)).to.deep.equal([422, 'catalog.edition_in_use']);
  });

  it('issues and deactivates coupons', async () => {
    const coupon = GetCoupon.answer.parse(
      await change(contract('CreateCoupon'), '/v1/coupons', { body: COUPON_TERMS }),
    );

    await change(contract('DeactivateCoupon'), `/v1/coupons/${coupon.couponId}/deactivate`);
  });

  it('is closed to those who may only read', async () => {
    const reader = await ground.tokenFor({ permissions: ['billing.read'] });
    for (const { method, path } of mutating()) {
      const where = path.replace(':id', `${PREFIXES[path.split('/')[2] ?? ''] ?? ''}_${ULID}`);
      expect((await ask(where, { method, body: {}, token: reader })).status, `${method} ${path}`).to.equal(403);
    }
  });

  it('leaves a record of every contract that changes something', () => {
    expect([...changed].toSorted()).to.deep.equal(
      mutating()
        .map(({ name }) => name)
        .toSorted(),
    );
  });
});

const PREFIXES: Readonly<Record<string, string>> = { plans: 'pln', products: 'prd', coupons: 'cpn' };
const ULID = '01j8zq4m7e8b2c3d4f5g6h7k8n';

const mutating = () => httpContracts.filter(({ service, method }) => service === 'catalog' && method !== 'GET');

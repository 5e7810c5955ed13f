import { GetPricing, ListPlans, PlanPublished } from '@quittance/contracts';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround, waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { catalogConfig } from '../../src/config.ts';
import { buildService, seedOnce } from '../../src/service.ts';

type Pricing = z.infer<typeof GetPricing.answer>;
type Card = Pricing['products'][number]['plans'][number];

const Problem = z.object({ code: z.string(), status: z.int(), details: z.record(z.string(), z.unknown()) });

/** Four, three, and one for each of fifteen other products. */
const PLANS = 22;

describe('catalog', () => {
  let ground: ServiceGround;
  let service: RunningService;

  before(async () => {
    ground = await makeServiceGround('catalog');
    service = buildService({ ...ground, config: loadConfig(catalogConfig, ground.env) });
    await service.start();
  });

  after(async () => {
    await service.stop();
    await ground.end();
  });

  const ask = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(service.port())}${path}`, { headers });

  const pricing = async (query: string, headers?: Readonly<Record<string, string>>): Promise<Pricing> => {
    const answer = await ask(`/v1/pricing?${query}`, headers);
    expect(answer.status).to.equal(200);
    return GetPricing.answer.parse(await answer.json());
  };

  const card = (from: Pricing, product: string, plan: string): Card | undefined =>
    from.products.find(({ key }) => key === product)?.plans.find(({ key }) => key === plan);

  const monthly = (from: Pricing, product: string, plan: string) => {
    const price = card(from, product, plan)?.prices.find(({ interval }) => interval === 'month');
    return price && [price.amount.amount, price.amount.currency, price.converted];
  };

  describe('GET /v1/pricing', () => {
    it('shows both families of plans by rank', async () => {
      const { products } = await pricing('lang=en');

      expect(
        products.slice(0, 2).map(({ key, plans }) => [key, plans.map((plan) => [plan.key, plan.rank])]),
      ).to.deep.equal([
        [
          'assistant',
          [
            ['free', 0],
            ['basic', 1],
            ['standard', 2],
            ['professional', 3],
          ],
        ],
        [
          'automation',
          [
            ['free', 0],
            ['pro', 1],
            ['enterprise', 2],
          ],
        ],
      ]);
    });

    for (const [language, direction, name, button] of [
      ['en', 'ltr', 'Professional', 'Choose Professional'],
      ['fr', 'ltr', 'Professionnel', 'Choisir Professionnel'],
      ['ar', 'rtl', 'الاحترافية', 'اختر الاحترافية'],
    ] as const) {
      it(`speaks ${language}`, async () => {
        const answer = await pricing(`lang=${language}`);

        expect([answer.language, answer.direction]).to.deep.equal([language, direction]);
        const professional = card(answer, 'assistant', 'professional');
        expect([professional?.name, professional?.callToAction]).to.deep.equal([name, button]);
      });
    }

    for (const [currency, amount, converted] of [
      ['USD', 9900, false],
      ['EUR', 10_900, false],
      ['NGN', 15_000_000, false],
      // 60 000 francs: no minor unit.
      ['XOF', 60_000, false],
      // 99 USD × 15.2 = 1 504.80 cedi.
      ['GHS', 150_480, true],
    ] as const) {
      it(`shows Pro in ${currency}${converted ? ', converted and saying so' : ''}`, async () => {
        expect(monthly(await pricing(`currency=${currency}`), 'automation', 'pro')).to.deep.equal([
          amount,
          currency,
          converted,
        ]);
      });
    }

    it('sells every product of the platform, with one measured allowance each', async () => {
      const { products } = await pricing('lang=fr&currency=XOF');
      const others = products.filter(({ key }) => key !== 'assistant' && key !== 'automation');

      expect(others.map(({ key }) => key)).to.include.members([
        'short-links',
        'crm',
        'insurance-suite',
        'hr',
        'adtech',
      ]);
      for (const { plans } of others) {
        expect(
          plans.map(({ action, prices, entitlements }) => [action, prices.length, entitlements.length]),
        ).to.deep.equal([['checkout', 2, 1]]);
      }
      const { rows } = await ground.owner.query('SELECT count(DISTINCT product_id)::int AS products FROM meters');
      expect(rows).to.deep.equal([{ products: products.length }]);
    });

    it('shows the yearly price of ten months', async () => {
      const prices = card(await pricing('currency=USD'), 'automation', 'pro')?.prices;

      expect(prices?.map(({ interval, amount }) => [interval, amount.amount])).to.deep.equal([
        ['month', 9900],
        ['year', 99_000],
      ]);
    });

    it('lets a price for one country beat the general one, and only there', async () => {
      expect(monthly(await pricing('country=SN'), 'assistant', 'basic')).to.deep.equal([5000, 'XOF', false]);
      expect(monthly(await pricing('country=CI'), 'assistant', 'basic')).to.deep.equal([6000, 'XOF', false]);
    });

    it('offers Free for nothing in every currency, and Enterprise through sales without a price', async () => {
      const answer = await pricing('currency=CNY');

      expect(monthly(answer, 'assistant', 'free')).to.deep.equal([0, 'CNY', true]);
      const enterprise = card(answer, 'automation', 'enterprise');
      expect([enterprise?.action, enterprise?.prices]).to.deep.equal(['contact_sales', []]);
    });

    it('tells entitlements of all four kinds in the reader’s language', async () => {
      const pro = card(await pricing('lang=fr'), 'automation', 'pro');

      expect(pro?.entitlements.slice(0, 4)).to.deep.equal([
        { kind: 'unlimited', feature: 'workflows', label: 'Flux de travail' },
        { kind: 'limit', feature: 'agents', label: 'Agents IA', limit: 10 },
        { kind: 'limit', feature: 'api_calls', label: 'Appels d’API par mois', limit: 100_000 },
        { kind: 'level', feature: 'analytics', label: 'Statistiques', level: 'advanced', levelLabel: 'avancées' },
      ]);
      expect(pro?.entitlements.at(-1)).to.deep.equal({
        kind: 'switch',
        feature: 'custom_integrations',
        label: 'Intégrations sur mesure',
        enabled: true,
      });
    });

    it('takes the first supported language of Accept-Language, and English without one', async () => {
      expect((await pricing('', { 'accept-language': 'de;q=0.9, ar-EG;q=0.8, en;q=0.1' })).language).to.equal('ar');
      expect((await pricing('', { 'accept-language': 'de' })).language).to.equal('en');
      expect((await pricing('lang=fr-CA', { 'accept-language': 'ar' })).language).to.equal('fr');
    });

    it('refuses a language and a currency it does not have, and lists those it has', async () => {
      const language = await ask('/v1/pricing?lang=de');
      const currency = await ask('/v1/pricing?currency=JPY');

      const [languageProblem, currencyProblem] = [
        Problem.parse(await language.json()),
        Problem.parse(await currency.json()),
      ];
      expect([languageProblem.status, languageProblem.code]).to.deep.equal([400, 'catalog.unsupported_language']);
      expect(languageProblem.details['supported']).to.deep.equal(['en', 'fr', 'ar']);
      expect([currencyProblem.status, currencyProblem.code]).to.deep.equal([400, 'catalog.unsupported_currency']);
      expect(currencyProblem.details['supported']).to.include.members(['USD', 'XOF']);
    });

    it('answers 304 to whoever has it already, who must ask each time', async () => {
      const first = await ask('/v1/pricing?lang=en');
      const again = await ask('/v1/pricing?lang=en', { 'if-none-match': first.headers.get('etag') ?? '' });

      expect(first.headers.get('cache-control')).to.equal('public, no-cache');
      expect(again.status).to.equal(304);
    });

    it('shows what somebody else published, without a restart', async () => {
      await ground.owner.query("UPDATE plans SET status = 'retired' WHERE key = 'standard'");
      await ground.owner.query('UPDATE catalog_state SET revision = revision + 1');

      await waitFor(async () => card(await pricing(''), 'assistant', 'standard') === undefined, {
        what: 'the retired plan to leave the page',
        deadlineMs: 5000,
      });
      await ground.owner.query("UPDATE plans SET status = 'published' WHERE key = 'standard'");
      await ground.owner.query('UPDATE catalog_state SET revision = revision + 1');
      await waitFor(async () => card(await pricing(''), 'assistant', 'standard') !== undefined, {
        what: 'the plan to be back',
        deadlineMs: 5000,
      });
    });
  });

  describe('GET /v1/plans', () => {
    it('pages through all plans for operators', async () => {
      const authorization = `Bearer ${await ground.tokenFor({ permissions: ['billing.read'] })}`;
      const keys: string[] = [];
      let after = '';
      for (let page = 0; page < 4; page += 1) {
        const answer = ListPlans.answer.parse(
          await (await ask(`/v1/plans?product=assistant&limit=3${after}`, { authorization })).json(),
        );
        keys.push(...answer.data.map(({ productKey, key }) => `${productKey}/${key}`));
        if (answer.nextCursor === null) break;
        after = `&after=${answer.nextCursor}`;
      }

      expect(keys.toSorted()).to.deep.equal([
        'assistant/basic',
        'assistant/free',
        'assistant/professional',
        'assistant/standard',
      ]);
    });

    it('is not for the public', async () => {
      expect((await ask('/v1/plans')).status).to.equal(401);
    });
  });

  describe('plan.published.v1', () => {
    it('carries everything a sale needs, once for each plan', async () => {
      const sent = await ground.sent(PlanPublished.type);

      expect(sent).to.have.lengthOf(PLANS);
      const pro = sent.map(({ data }) => PlanPublished.data.parse(data)).find(({ key }) => key === 'pro');
      expect(pro).to.include({
        productKey: 'automation',
        editionKey: 'cloud',
        status: 'published',
        selfServe: true,
        rank: 1,
        versionNumber: 1,
      });
      expect(pro?.names).to.deep.equal({ en: 'Pro', fr: 'Pro', ar: 'المحترفون' });
      expect(pro?.entitlements).to.deep.include({ kind: 'limit', feature: 'agents', limit: 10 });
      expect(pro).to.include({ prorationBasis: 'actual', trialDays: 14, accountId: null });
      const basic = sent.map(({ data }) => PlanPublished.data.parse(data)).find(({ key }) => key === 'basic');
      expect(basic?.prorationBasis).to.equal('fixed30');
      expect(basic?.items[0]).to.deep.equal({
        id: 'chat',
        names: { en: 'Conversations', fr: 'Conversations', ar: 'المحادثات' },
        models: ['text-small'],
        quota: 2000,
        reset: 'month',
        overage: 'block',
      });
      const currencies = new Set(pro?.prices.map(({ amount }) => amount.currency));
      expect([...currencies].toSorted()).to.deep.equal(['CNY', 'EUR', 'GBP', 'GHS', 'KES', 'NGN', 'USD', 'XOF', 'ZAR']);
    });

    it('is recorded as an action for each plan', async () => {
      expect((await ground.audited()).filter((action) => action === 'plan.published')).to.have.lengthOf(PLANS);
    });

    it('goes out again, marked replayed, when asked', async () => {
      const before = (await ground.sent(PlanPublished.type)).length;

      const count = await service.republish(null);

      const after = await ground.sent(PlanPublished.type);
      expect([count, after.length - before]).to.deep.equal([PLANS, PLANS]);
      expect(after.slice(before).every(({ replayed }) => replayed === true)).to.equal(true);
      expect(await service.republish(new Date('2030-01-01T00:00:00Z'))).to.equal(0);
    });
  });

  describe('seed', () => {
    it('adds nothing the second time', async () => {
      const config = loadConfig(catalogConfig, ground.env);
      const count = async (): Promise<unknown> =>
        (
          await ground.owner.query(
            'SELECT (SELECT count(*) FROM plan_versions) AS versions, (SELECT revision FROM catalog_state) AS revision',
          )
        ).rows;
      const before = await count();

      const added = await seedOnce({ ...ground, config });

      expect(added).to.deep.equal({ onSale: [], drafts: [] });
      expect(await count()).to.deep.equal(before);
    });

    it('keeps as drafts what it has no words for in a configured language, and sells the rest', async () => {
      const fresh = await makeServiceGround('catalog');
      const config = loadConfig(catalogConfig, { ...fresh.env, CATALOG_LANGUAGES: 'en,sw' });

      const { onSale, drafts } = await seedOnce({ ...fresh, config });
      const again = await seedOnce({ ...fresh, config });

      expect([onSale.length, drafts.length]).to.deep.equal([0, PLANS]);
      expect(again).to.deep.equal({ onSale: [], drafts: [] });
      expect(await fresh.sent(PlanPublished.type)).to.deep.equal([]);
      const { rows } = await fresh.owner.query('SELECT DISTINCT status FROM plans');
      expect(rows).to.deep.equal([{ status: 'draft' }]);
      await fresh.end();
    });

    it('is done once when two replicas start together', async () => {
      const fresh = await makeServiceGround('catalog');
      const config = loadConfig(catalogConfig, fresh.env);

      const added = await Promise.all([seedOnce({ ...fresh, config }), seedOnce({ ...fresh, config })]);

      expect(added.flatMap(({ onSale }) => onSale)).to.have.lengthOf(PLANS);
      expect(await fresh.sent(PlanPublished.type)).to.have.lengthOf(PLANS);
      await fresh.end();
    });
  });

  it('never lets a published version change, not even by the owner', async () => {
    for (const table of ['plan_versions', 'plan_translations', 'prices', 'entitlements', 'items']) {
      const column = table === 'plan_versions' ? 'id' : 'plan_version_id';
      const refused: unknown = await ground.owner
        .query(`UPDATE ${table} SET ${column} = ${column}`)
        .catch((error: unknown) => error);
      expect(String(refused)).to.include('immutable');
    }
  });
});

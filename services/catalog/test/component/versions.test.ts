/** Versions: who may make the next one, what it freezes, and that those who sell can learn every one of them again. */
import { ApiPlan, CouponChanged, GetPlanVersion, ListPlanVersions, PlanPublished } from '@quittance/contracts';
import { expect } from 'chai';

import { COUPON_TERMS, document, PRICE, said } from '../builders/plan-document.ts';
import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

describe('versions of a plan', () => {
  let catalog: RunningCatalog;

  before(async () => {
    catalog = await startCatalog();
  });

  after(() => catalog.stop());

  const costing = (amount: number) => document({ prices: [{ ...PRICE, amount: { amount, currency: 'USD' } }] });

  const put = async (planId: string, body: object) => {
    const answer = await catalog.ask(`/v1/plans/${planId}`, { method: 'PUT', body, ifMatch: '*' });
    return ApiPlan.parse(await answer.json());
  };

  const published = async (planId: string) => ApiPlan.parse(await (await catalog.publish(planId)).json());

  const told = async (planId: string) =>
    (await catalog.ground.sent(PlanPublished.type))
      .filter(({ subject }) => subject === planId)
      .map((envelope) => ({ ...envelope, data: PlanPublished.data.parse(envelope.data) }));

  describe('If-Match', () => {
    for (const what of ['publish', 'retire'] as const) {
      it(`keeps somebody from ${what}ing what was changed since it was read, and nobody who does not say`, async () => {
        const plan = await catalog.createPlan(`if-match-${what}`);
        if (what === 'retire') await published(plan.planId);
        const read = ApiPlan.parse(await (await catalog.ask(`/v1/plans/${plan.planId}`)).json());
        await put(plan.planId, costing(5100));
        const act = (ifMatch: string | null) =>
          catalog.ask(`/v1/plans/${plan.planId}/${what}`, { method: 'POST', ifMatch });

        const refused = await refusal(await act(`"${String(read.version)}"`));

        expect([refused.status, refused.code]).to.deep.equal([409, 'platform.version_conflict']);
        expect((await act(null)).status).to.equal(200);
      });
    }

    it('lets who has read the present version publish it', async () => {
      const { planId, version } = await catalog.createPlan('if-match-present');

      expect((await catalog.publish(planId, `"${String(version)}"`)).status).to.equal(200);
    });
  });

  describe('GET /v1/plans/:id/versions', () => {
    it('tells what each version asked and gave, also when later ones are sold and the plan is retired', async () => {
      const { planId } = await catalog.createPlan('remembered', costing(4200));
      const first = await published(planId);
      await put(planId, costing(5100));
      const second = await published(planId);
      await catalog.post(`/v1/plans/${planId}/retire`);
      const list = async (query: string) =>
        ListPlanVersions.answer.parse(await (await catalog.ask(`/v1/plans/${planId}/versions?${query}`)).json());
      const read = (id: string) => catalog.ask(`/v1/plans/${planId}/versions/${id}`);

      const whole = await list('');
      const page = await list('limit=1');
      const rest = await list(`limit=1&after=${String(page.nextCursor)}`);

      expect(whole.data.map(({ versionNumber }) => versionNumber)).to.deep.equal([1, 2]);
      expect([...page.data, ...rest.data]).to.deep.equal(whole.data);
      expect([whole.nextCursor, rest.nextCursor]).to.deep.equal([null, null]);
      const versions = await Promise.all(
        whole.data.map(async (line) => GetPlanVersion.answer.parse(await (await read(line.planVersionId)).json())),
      );
      expect(versions).to.deep.equal([first.published, second.published]);
    });

    it('has nothing of a plan that was never published, and no version of another plan', async () => {
      const { planId } = await catalog.createPlan('never-sold');
      const other = await catalog.createPlan('sold');
      const sold = (await published(other.planId)).published;

      const listed = await catalog.ask(`/v1/plans/${planId}/versions`);
      const foreign = await catalog.ask(`/v1/plans/${planId}/versions/${String(sold?.planVersionId)}`);

      expect(ListPlanVersions.answer.parse(await listed.json())).to.deep.equal({ data: [], nextCursor: null });
      expect((await refusal(foreign)).code).to.equal('platform.not_found');
    });
  });

  describe('DELETE /v1/plans/:id/draft', () => {
    const discard = (planId: string, ifMatch: string | null = null) =>
      catalog.ask(`/v1/plans/${planId}/draft`, { method: 'DELETE', ifMatch });

    it('gives up what was edited, records it, and does nothing the second time', async () => {
      const { planId } = await catalog.createPlan('discarded', costing(4200));
      await published(planId);
      await put(planId, costing(9900));
      const records = async () => (await catalog.ground.audited()).filter((each) => each === 'plan.draft_discarded');

      const first = ApiPlan.parse(await (await discard(planId)).json());
      const second = ApiPlan.parse(await (await discard(planId)).json());

      expect([first.draft, first.published?.document]).to.deep.equal([null, costing(4200)]);
      expect(second.version).to.equal(first.version);
      expect(await records()).to.have.lengthOf(1);
      expect(await told(planId)).to.have.lengthOf(1);
    });

    it('is refused over a newer edit, and for a plan that is nothing but its draft', async () => {
      const { planId, version } = await catalog.createPlan('only-a-draft');

      expect(await refusal(await discard(planId))).to.include({ status: 409, code: 'catalog.not_published' });

      await published(planId);
      await put(planId, costing(9900));
      const stale = await refusal(await discard(planId, `"${String(version)}"`));
      expect([stale.status, stale.code]).to.deep.equal([409, 'platform.version_conflict']);
    });
  });

  it('freeze the proration basis of their product: another one counts from the next version on', async () => {
    const product = {
      prorationBasis: 'actual',
      texts: Object.fromEntries(['en', 'fr', 'ar'].map((each) => [each, { name: 'Loom', description: 'A loom.' }])),
      editions: ['cloud'],
      meters: [],
    };
    await catalog.post('/v1/products', { key: 'loom', ...product });
    const { productId } = await catalog.productNamed('loom');
    const { planId } = await catalog.createPlan('loom-team', document(), { productId });
    await published(planId);

    const body = { ...product, prorationBasis: 'fixed30' };
    const edited = await catalog.ask(`/v1/products/${productId}`, { method: 'PUT', body, ifMatch: '*' });

    expect(edited.status).to.equal(200);
    const bases = async () => (await told(planId)).map(({ data }) => [data.versionNumber, data.prorationBasis]);
    expect(await bases()).to.deep.equal([[1, 'actual']]);
    await published(planId);
    expect(await bases()).to.deep.equal([
      [1, 'actual'],
      [2, 'fixed30'],
    ]);
  });

  it('are all told again, oldest first, the one on sale above all others', async () => {
    const { planId } = await catalog.createPlan('three-times', costing(1000));
    await published(planId);
    for (const amount of [2000, 3000]) {
      await put(planId, costing(amount));
      await published(planId);
    }
    const before = await told(planId);

    await catalog.service.republish(null);

    const again = (await told(planId)).slice(before.length);
    expect(again.map(({ data }) => [data.versionNumber, data.prices[0]?.amount.amount])).to.deep.equal([
      [1, 1000],
      [2, 2000],
      [3, 3000],
    ]);
    expect(again.map(({ data }) => data.planVersionId)).to.deep.equal(before.map(({ data }) => data.planVersionId));
    const versions = again.map(({ version }) => version);
    expect(versions).to.deep.equal([...new Set(versions)].toSorted((a, b) => a - b));
    expect(versions.at(-1)).to.equal(before.at(-1)?.version);
    expect(again.every(({ replayed }) => replayed === true)).to.equal(true);
  });

  it('and coupons are told again from an instant on', async () => {
    const { ground, service } = catalog;
    const replayed = async (since: Date) => {
      const before = (await ground.sent()).length;
      await service.republish(since);
      const envelopes = (await ground.sent()).slice(before);
      const codes = envelopes
        .filter(({ type }) => type === CouponChanged.type)
        .map(({ data }) => CouponChanged.data.parse(data).code);
      const plans = envelopes
        .filter(({ type }) => type === PlanPublished.type)
        .map(({ data }) => PlanPublished.data.parse(data))
        .map(({ key, versionNumber }) => `${key} ${String(versionNumber)}`);
      return { codes, plans };
    };
    await catalog.post('/v1/coupons', { ...COUPON_TERMS, code: 'BEFORE' });
    const { planId } = await catalog.createPlan('since', costing(1000));
    await published(planId);
    ground.clock.advance({ hours: 1 });
    const since = ground.clock.now();
    await put(planId, costing(2000));
    await published(planId);
    await catalog.post('/v1/coupons', { ...COUPON_TERMS, code: 'AFTER' });

    expect(await replayed(since)).to.deep.equal({ codes: ['AFTER'], plans: ['since 2'] });
  });

  it('are refused with a clear problem when they are larger than the event that tells them', async () => {
    // 60 intervals, each in nine currencies: 540 prices.
    const prices = Array.from({ length: 60 }, (_, index) => ({ ...PRICE, interval: `P${String(index + 1)}D` }));
    const { planId } = await catalog.createPlan('too-large', {
      ...document({ texts: { en: said('Large'), fr: said('Grand'), ar: said('كبير') } }),
      prices,
    });

    const refused = await refusal(await catalog.publish(planId));

    expect([refused.status, refused.code]).to.deep.equal([422, 'catalog.plan_too_large']);
    expect(refused.details).to.include({ prices: 540, bytesMax: 63_488 });
    expect(await told(planId)).to.deep.equal([]);
  });
});

/** New exchange rates reach every page at once: first looked at, then applied, and nobody's draft with them. */
import { ApiPlan, ApplyExchangeRates, GetExchangeRates, PlanPublished } from '@quittance/contracts';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { document, PRICE } from '../builders/plan-document.ts';
import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

describe('applying exchange rates', () => {
  let catalog: RunningCatalog;

  before(async () => {
    catalog = await startCatalog();
  });

  after(() => catalog.stop());

  const setRate = async (wanted: string, rate: string) => {
    const read = await catalog.ask('/v1/exchange-rates');
    const { rates } = GetExchangeRates.answer.parse(await read.json());
    const body = {
      rates: rates.map((each) => ({ currency: each.currency, rate: each.currency === wanted ? rate : each.rate })),
    };
    await catalog.ask('/v1/exchange-rates', { method: 'PUT', body, ifMatch: read.headers.get('etag') });
  };

  const preview = async () => {
    const answer = await catalog.ask('/v1/exchange-rates/preview');
    return { tag: answer.headers.get('etag'), ...ApplyExchangeRates.answer.parse(await answer.json()) };
  };

  const apply = (ifMatch: string | null = null) => catalog.ask('/v1/exchange-rates/apply', { method: 'POST', ifMatch });

  const told = async () => (await catalog.ground.sent(PlanPublished.type)).length;

  it('shows nothing while prices are those of the rates, and then changes nothing', async () => {
    const before = await told();

    expect((await preview()).data).to.deep.equal([]);
    expect((await apply()).status).to.equal(200);
    expect(await told()).to.equal(before);
  });

  it('shows plan, currency, old and new price, and does exactly that', async () => {
    const { planId } = await catalog.createPlan('converted');
    await catalog.publish(planId);
    const edited = document({ prices: [{ ...PRICE, amount: { amount: 9900, currency: 'USD' } }] });
    await catalog.ask(`/v1/plans/${planId}`, { method: 'PUT', body: edited, ifMatch: '*' });
    await setRate('GHS', '20');
    const before = await told();

    const shown = await preview();

    const ours = shown.data.find((plan) => plan.planId === planId);
    // 42.00 × 15.2 = 638.40; 42.00 × 20 = 840.00
    expect(ours?.prices).to.deep.equal([
      {
        interval: 'month',
        currency: 'GHS',
        region: null,
        before: { amount: 63_840, currency: 'GHS' },
        after: { amount: 84_000, currency: 'GHS' },
        taxBehavior: 'exclusive',
      },
    ]);
    expect(await told(), 'a preview publishes nothing').to.equal(before);

    const applied = ApplyExchangeRates.answer.parse(await (await apply(shown.tag)).json());

    expect(applied.data).to.deep.equal(shown.data);
    expect((await told()) - before).to.equal(shown.data.length);
    await waitFor(
      async () =>
        (await catalog.pricing('currency=GHS')).products
          .flatMap(({ plans }) => plans)
          .find(({ key }) => key === 'converted')?.prices[0]?.amount.amount === 84_000,
      { what: 'the new price on the page', deadlineMs: 1000 },
    );
    const after = ApiPlan.parse(await (await catalog.ask(`/v1/plans/${planId}`)).json());
    expect([after.published?.versionNumber, after.draft], 'the draft stays one').to.deep.equal([2, edited]);
    expect((await preview()).data).to.deep.equal([]);
    expect(await catalog.ground.audited()).to.include('exchange_rates.applied');
  });

  it('is refused for who has looked at something else', async () => {
    const seen = await preview();
    await setRate('KES', '140');

    const refused = await refusal(await apply(seen.tag));

    expect([refused.status, refused.code]).to.deep.equal([409, 'platform.version_conflict']);
    expect((await preview()).data).not.to.deep.equal([]);
  });

  it('leaves retired plans and custom ones in their own currency as they are', async () => {
    const agreed = [{ ...PRICE, amount: { amount: 4000, currency: 'EUR' } }];
    const custom = await catalog.createPlan('custom', document({ prices: agreed }), { accountId: 'acc_custom' });
    const retired = await catalog.createPlan('retired');
    for (const { planId } of [custom, retired]) await catalog.publish(planId);
    await catalog.post(`/v1/plans/${retired.planId}/retire`);
    await setRate('ZAR', '19');

    const { data } = await preview();

    const ids = data.map(({ planId }) => planId);
    expect(ids).not.to.include(custom.planId).and.not.to.include(retired.planId);
    expect(ids).not.to.deep.equal([]);
  });
});

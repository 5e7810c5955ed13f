/** Operators who change unrelated things at the same moment, at one replica and at two, do not refuse each other. */
import { randomUUID } from 'node:crypto';

import { GetExchangeRates, GetProduct } from '@quittance/contracts';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { expect } from 'chai';

import { catalogConfig } from '../../src/config.ts';
import { buildService } from '../../src/service.ts';
import { document } from '../builders/plan-document.ts';
import { refusal, type RunningCatalog, startCatalog } from '../running-catalog.ts';

const SIX = [1, 2, 3, 4, 5, 6];

const productBody = (key: string) => ({ key, prorationBasis: 'actual', texts: {}, editions: ['cloud'], meters: [] });

describe('changes of the catalogue at once', () => {
  let catalog: RunningCatalog;
  let replica: RunningService;
  let operator: string;

  before(async () => {
    catalog = await startCatalog();
    const { ground } = catalog;
    replica = buildService({ ...ground, config: loadConfig(catalogConfig, ground.env) });
    await replica.start();
    operator = await ground.tokenFor({ permissions: ['billing.read', 'billing.write'] });
  });

  after(async () => {
    await replica.stop();
    await catalog.stop();
  });

  const atReplica = (path: string, body?: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(replica.port())}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${operator}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const statuses = async (answers: readonly Promise<Response>[]) =>
    (await Promise.all(answers)).map(({ status }) => status);

  const plansNamed = async (name: string) => {
    const made = [];
    for (const each of SIX) made.push(await catalog.createPlan(`${name}-${String(each)}`));
    return made;
  };

  it('publish six plans, whoever said what they had read and whoever did not', async () => {
    const [silent, saying] = [await plansNamed('silent'), await plansNamed('saying')];

    const all = await statuses([
      ...silent.map(({ planId }) => catalog.publish(planId)),
      ...saying.map(({ planId, version }) => catalog.publish(planId, `"${String(version)}"`)),
    ]);

    expect(new Set(all)).to.deep.equal(new Set([200]));
  });

  it('publish and make products at two replicas', async () => {
    const plans = await plansNamed('spread');

    const all = await statuses([
      ...plans.map(({ planId }, index) =>
        index % 2 === 0 ? catalog.publish(planId) : atReplica(`/v1/plans/${planId}/publish`),
      ),
      ...SIX.map((each) => {
        const body = productBody(`spread-${String(each)}`);
        return each % 2 === 0 ? catalog.post('/v1/products', body) : atReplica('/v1/products', body);
      }),
    ]);

    expect(all).to.deep.equal([...SIX.map(() => 200), ...SIX.map(() => 201)]);
  });

  it('edit a product while plans of it are retired, and exchange rates beside them', async () => {
    const plans = await plansNamed('ended');
    for (const { planId } of plans) await catalog.publish(planId);
    const { productId, version, key: _key, ...body } = await catalog.productNamed('automation');
    const rates = await catalog.ask('/v1/exchange-rates');
    const wanted = GetExchangeRates.answer
      .parse(await rates.json())
      .rates.map(({ currency, rate }) => ({ currency, rate }));

    const all = await statuses([
      ...plans.slice(0, 3).map(({ planId }) => catalog.post(`/v1/plans/${planId}/retire`)),
      catalog.ask(`/v1/products/${productId}`, { method: 'PUT', body, ifMatch: `"${String(version)}"` }),
      catalog.ask('/v1/exchange-rates', {
        method: 'PUT',
        body: { rates: wanted },
        ifMatch: rates.headers.get('etag'),
      }),
      ...plans.slice(3).map(({ planId }) => atReplica(`/v1/plans/${planId}/retire`)),
    ]);

    expect(new Set(all)).to.deep.equal(new Set([200]));
  });

  it('refuse each other where both change the same document, with the ETag it has now', async () => {
    const { productId, version, key: _key, ...body } = await catalog.productNamed('crm');
    const put = () =>
      catalog.ask(`/v1/products/${productId}`, { method: 'PUT', body, ifMatch: `"${String(version)}"` });

    const answers = await Promise.all([put(), put()]);

    const won = answers.find(({ status }) => status === 200);
    const lost = answers.find(({ status }) => status === 409);
    const now = GetProduct.answer.parse(await won?.json());
    expect((await refusal(lost ?? new Response())).details['etag']).to.equal(String(now.version));
  });

  it('gives a key that two want to one of them', async () => {
    const answers = await statuses([
      catalog.post('/v1/products', productBody('wanted')),
      atReplica('/v1/products', productBody('wanted')),
    ]);

    expect(answers.toSorted((a, b) => a - b)).to.deep.equal([201, 422]);
  });

  it('does not put a plan on sale whose product lost a language at the same moment', async () => {
    const made = GetProduct.answer.parse(
      await (
        await catalog.post('/v1/products', {
          ...productBody('raced'),
          texts: Object.fromEntries(['en', 'fr', 'ar'].map((each) => [each, { name: 'R', description: 'R.' }])),
        })
      ).json(),
    );
    const plan = await catalog.createPlan('raced-team', document(), { productId: made.productId });

    const [published, edited] = await statuses([
      atReplica(`/v1/plans/${plan.planId}/publish`),
      catalog.ask(`/v1/products/${made.productId}`, {
        method: 'PUT',
        body: { ...productBody('raced'), key: undefined },
        ifMatch: `"${String(made.version)}"`,
      }),
    ]);

    expect([published, edited]).to.satisfy(
      ([first, second]: readonly number[]) => (first === 200) !== (second === 200),
      'one of the two, never both',
    );
  });
});

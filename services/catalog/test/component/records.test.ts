import { GetProduct } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { expect } from 'chai';
import { z } from 'zod';

import { document, PRICE, said } from '../builders/plan-document.ts';
import { type RunningCatalog, startCatalog } from '../running-catalog.ts';

const Content = z.looseObject({ changedTexts: z.array(z.string()).default([]) });
const AuditRecord = z.object({
  action: z.string(),
  subject: z.object({ id: z.string() }),
  payload: z.object({ before: Content.optional(), after: Content }),
});

describe('the records of edited documents', () => {
  let catalog: RunningCatalog;

  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  const recordOf = async (action: string, subject: string) => {
    const records = (await catalog.ground.sent('audit.record-action'))
      .map(({ data }) => AuditRecord.parse(data))
      .filter((record) => record.action === action && record.subject.id === subject);
    expect(records).to.have.length(1);
    return must(records[0], `a record of ${action}`).payload;
  };

  it('say what a product was and is, its meters with their units, and which texts are new', async () => {
    const { productId, key, version, ...product } = await catalog.productNamed('assistant');
    const { en } = product.texts;
    const [meter] = product.meters;
    const meters = [{ ...meter, texts: { ...meter?.texts, fr: { name: 'Compteur' } } }];
    const texts = { ...product.texts, en: { ...en, description: 'Another one.' } };
    const body = { ...product, texts, meters, editions: [...product.editions, 'desktop'] };

    const edited = await catalog.ask(`/v1/products/${productId}`, { method: 'PUT', body, ifMatch: `"${version}"` });

    const now = GetProduct.answer.parse(await edited.json());
    const record = await recordOf('product.edited', productId);
    const metersOf = (of: readonly { key: string; aggregation: string; unit: string }[]) =>
      of.map((one) => `${one.key} (${one.aggregation} of ${one.unit})`);
    expect(record.before).to.deep.include({
      product: key,
      prorationBasis: product.prorationBasis,
      editions: product.editions,
      meters: metersOf(product.meters),
    });
    expect(record.after).to.deep.include({ editions: now.editions, meters: metersOf(now.meters) });
    const changed = record.after.changedTexts;
    expect(changed).to.include.members(['en.description', `fr.meters.${meter?.key}.name`]);
    expect(changed).not.to.include('en.name');
  });

  it('say what a plan asks and gives, before and after, and which translations are new', async () => {
    const { planId, version } = await catalog.createPlan('crew');
    const texts = { en: said('Team'), fr: said('Groupe'), ar: said('الفريق') };
    const body = document({ texts, trialDays: 30, prices: [{ ...PRICE, amount: { amount: 4900, currency: 'USD' } }] });

    await catalog.ask(`/v1/plans/${planId}`, { method: 'PUT', body, ifMatch: `"${version}"` });

    const created = await recordOf('plan.created', planId);
    const edited = await recordOf('plan.edited', planId);
    expect(created.after).to.deep.include({ plan: 'crew', trialDays: 0, prices: ['42.00 USD per month'] });
    expect(edited.before).to.deep.include({ trialDays: 0, prices: ['42.00 USD per month'] });
    expect(edited.after).to.deep.include({
      plan: 'crew',
      trialDays: 30,
      prices: ['49.00 USD per month'],
      changedTexts: ['fr.name'],
    });
  });
});

import { makeNewId } from '@quittance/kernel';
import { expect } from 'chai';

import { decidePublication, type PublicationFacts } from './decide-publication.ts';
import { type PlanDefinition, type ProductDefinition } from './definition.ts';
import { type PlanTexts } from './plan.ts';

const said = (name: string): PlanTexts => ({
  name,
  description: 'What it is.',
  callToAction: 'Choose it',
  labels: { seats: 'Seats', support: 'Support', 'support.email': 'by e-mail' },
});

const aPlan = (overrides: Partial<PlanDefinition> = {}): PlanDefinition => ({
  key: 'team',
  editionKey: 'cloud',
  accountId: null,
  rank: 1,
  selfServe: true,
  texts: { en: said('Team'), fr: said('Équipe') },
  prices: [{ currency: 'USD', interval: 'month', region: null, amountMinor: 1000n, taxBehavior: 'exclusive' }],
  entitlements: [
    { kind: 'limit', feature: 'seats', limit: 5 },
    { kind: 'level', feature: 'support', level: 'email' },
  ],
  items: [],
  trialDays: 0,
  ...overrides,
});

const product: ProductDefinition = {
  key: 'desk',
  prorationBasis: 'actual',
  texts: { en: { name: 'Desk', description: 'A desk.' }, fr: { name: 'Bureau', description: 'Un bureau.' } },
  meters: [],
  plans: [],
};

const facts = (overrides: Partial<PublicationFacts> = {}): PublicationFacts => ({
  product,
  definition: aPlan(),
  existing: null,
  policy: { languages: ['en', 'fr'], currencies: ['USD'], taxInclusive: [] },
  rates: [],
  now: new Date('2026-03-02T09:00:00Z'),
  nextVersion: 1_772_442_000_000,
  newId: makeNewId(() => 1_772_442_000_000),
  ...overrides,
});

const errorOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe('decidePublication', () => {
  it('makes version 1 of a new plan', () => {
    const plan = decidePublication(facts());

    expect(plan?.current.number).to.equal(1);
    expect(plan?.version).to.equal(1_772_442_000_000);
    expect(plan?.current.prices.map(({ amountMinor }) => amountMinor)).to.deep.equal([1000n]);
  });

  it('says nothing when the same is on sale already, whatever the order of its keys', () => {
    const existing = decidePublication(facts());
    const reordered = aPlan({ texts: { fr: said('Équipe'), en: said('Team') } });

    expect(decidePublication(facts({ existing, definition: reordered }))).to.equal(null);
  });

  it('makes the next version when a price changes, and keeps the plan’s id', () => {
    const existing = decidePublication(facts());
    const dearer = aPlan({
      prices: [{ currency: 'USD', interval: 'month', region: null, amountMinor: 1200n, taxBehavior: 'exclusive' }],
    });

    const plan = decidePublication(facts({ existing, definition: dearer }));

    expect([plan?.id, plan?.current.number]).to.deep.equal([existing?.id, 2]);
    expect(plan?.current.id).not.to.equal(existing?.current.id);
  });

  it('puts a retired plan on sale again', () => {
    const existing = decidePublication(facts());
    const retired = existing === null ? null : { ...existing, status: 'retired' as const };

    expect(decidePublication(facts({ existing: retired }))?.status).to.equal('published');
  });

  for (const [what, change, missing] of [
    [
      'the whole language',
      { texts: { en: said('Team') } },
      ['plan', 'label:seats', 'label:support', 'label:support.email'],
    ],
    ['the button', { texts: { en: said('Team'), fr: { ...said('Équipe'), callToAction: ' ' } } }, ['plan']],
    [
      'one label',
      { texts: { en: said('Team'), fr: { ...said('Équipe'), labels: { seats: 'Places', support: 'Aide' } } } },
      ['label:support.email'],
    ],
  ] as const) {
    it(`refuses while French lacks ${what}`, () => {
      const error = errorOf(() => decidePublication(facts({ definition: aPlan(change) })));

      expect(error).to.include({ code: 'catalog.translation_missing' });
      expect(error)
        .to.have.nested.property('details.missing')
        .that.deep.equals(missing.map((text) => ({ language: 'fr', text })));
    });
  }

  it('refuses a currency that has neither price nor rate', () => {
    const policy = { languages: ['en', 'fr'], currencies: ['USD', 'XOF'], taxInclusive: [] } as const;

    expect(errorOf(() => decidePublication(facts({ policy })))).to.include({ code: 'catalog.rate_missing' });
  });
});

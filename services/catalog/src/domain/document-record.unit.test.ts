import { expect } from 'chai';

import { changedTextsOfDocument, recordOfDocument } from './document-record.ts';
import { type PlanDocument, type PlanTexts } from './plan.ts';

const said = (change: Partial<PlanTexts> = {}): PlanTexts => ({
  name: 'Team',
  description: 'For teams.',
  callToAction: 'Choose it',
  labels: { seats: 'Seats' },
  ...change,
});

const team: PlanDocument = {
  editionKey: 'cloud',
  rank: 2,
  selfServe: true,
  trialDays: 14,
  texts: { en: said(), fr: said() },
  prices: [
    { currency: 'USD', interval: 'month', region: null, amountMinor: 1900n, taxBehavior: 'exclusive' },
    { currency: 'XOF', interval: 'P90D', region: 'SN', amountMinor: 30_000n, taxBehavior: 'inclusive' },
  ],
  entitlements: [
    { kind: 'switch', feature: 'sso', enabled: false },
    { kind: 'limit', feature: 'seats', limit: 5 },
    { kind: 'unlimited', feature: 'calls' },
    { kind: 'level', feature: 'support', level: 'priority' },
  ],
  items: [
    {
      key: 'chat',
      icon: 'chat',
      models: ['small', 'large'],
      quota: -1,
      reset: 'month',
      overage: 'block',
      texts: { en: { name: 'Chat', description: 'Talk.' } },
    },
  ],
};

describe('recordOfDocument', () => {
  it('tells everything but the texts, in words', () => {
    expect(recordOfDocument(team)).to.deep.equal({
      edition: 'cloud',
      rank: 2,
      selfServe: true,
      trialDays: 14,
      prices: ['19.00 USD per month', '30000 XOF per P90D in SN'],
      entitlements: ['sso: off', 'seats: 5', 'calls: unlimited', 'support.priority'],
      items: ['chat: unlimited per month, then block (small, large)'],
    });
  });
});

describe('changedTextsOfDocument', () => {
  it('names what says something else, what is new and what is gone, and nothing else', () => {
    const after: PlanDocument = {
      ...team,
      rank: 3,
      texts: { en: said({ callToAction: 'Buy' }), fr: said({ labels: { seats: 'Places', calls: 'Appels' } }) },
      items: [],
    };

    expect(changedTextsOfDocument(team, after)).to.have.members([
      'en.callToAction',
      'fr.labels.seats',
      'fr.labels.calls',
      'en.items.chat.name',
      'en.items.chat.description',
    ]);
    expect(changedTextsOfDocument(team, { ...team, rank: 3 })).to.deep.equal([]);
  });

  it('stays short enough for a message, and says how many more there are', () => {
    const labels = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`feature_${n}`, 'Much']));
    const named = changedTextsOfDocument(team, { ...team, texts: { ...team.texts, en: said({ labels }) } });

    // 120 labels, and the one that is gone
    expect(named).to.have.length(101);
    expect(named.at(-1)).to.equal('and 21 more');
  });
});

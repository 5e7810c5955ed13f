import { expect } from 'chai';

import { mergeEntitlements } from './merge-entitlements.ts';

const limit = (feature: string, count: number) => ({ kind: 'limit', feature, limit: count }) as const;

describe('mergeEntitlements', () => {
  it('adds limits up, once per unit: 2 × 10 + 3 × 5 = 35', () => {
    const merged = mergeEntitlements([
      { quantity: 2, entitlements: [limit('agents', 10)] },
      { quantity: 3, entitlements: [limit('agents', 5)] },
    ]);

    expect(merged).to.deep.equal([limit('agents', 35)]);
  });

  it('lets unlimited beat a limit, whichever comes first', () => {
    const unlimited = { kind: 'unlimited', feature: 'agents' } as const;
    const items = [
      { quantity: 1, entitlements: [unlimited] },
      { quantity: 4, entitlements: [limit('agents', 5)] },
    ];

    expect(mergeEntitlements(items)).to.deep.equal([unlimited]);
    expect(mergeEntitlements(items.toReversed())).to.deep.equal([unlimited]);
  });

  it('turns a switch on when one item does, and keeps the plan’s own level', () => {
    const plan = [
      { kind: 'switch', feature: 'sso', enabled: false },
      { kind: 'level', feature: 'support', level: 'priority' },
    ] as const;
    const addition = [
      { kind: 'switch', feature: 'sso', enabled: true },
      { kind: 'level', feature: 'support', level: 'community' },
    ] as const;

    expect(
      mergeEntitlements([
        { quantity: 1, entitlements: plan },
        { quantity: 1, entitlements: addition },
      ]),
    ).to.deep.equal([addition[0], plan[1]]);
  });
});

import { isAccountId, must } from '@quittance/kernel';
import { expect } from 'chai';

import { decideEntitlement } from './decide-entitlement.ts';
import { type EntitlementDocument } from './entitlement-document.ts';

const account = 'acme';
const NOW = new Date('2026-03-02T09:00:00.000Z');
const later = new Date(NOW.getTime() + 1);
const document = (changes: Partial<EntitlementDocument> = {}): EntitlementDocument => ({
  accountId: must(isAccountId(account) ? account : null, 'account'),
  productKey: 'apps',
  subscriptionId: 'sub_1',
  planKey: 'pro',
  status: 'active',
  accessUntil: later,
  entitlements: [
    { kind: 'switch', feature: 'sso', enabled: true },
    { kind: 'switch', feature: 'audit', enabled: false },
    { kind: 'limit', feature: 'channels', limit: 5 },
    { kind: 'limit', feature: 'robots', limit: 0 },
    { kind: 'unlimited', feature: 'messages' },
    { kind: 'level', feature: 'support', level: 'gold' },
  ],
  revision: 3,
  ...changes,
});

describe('decideEntitlement', () => {
  it('denies an account without a document', () => {
    expect(decideEntitlement(null, null, NOW)).to.include({
      allowed: false,
      reason: 'no_subscription',
      revision: null,
    });
  });

  const statuses: readonly (readonly [EntitlementDocument['status'], Date | null, string])[] = [
    ['active', later, 'entitled'],
    ['active', NOW, 'access_ended'],
    ['active', null, 'entitled'],
    ['trialing', later, 'entitled'],
    ['trialing', NOW, 'access_ended'],
    ['past_due', later, 'entitled'],
    ['past_due', NOW, 'access_ended'],
    ['cancelled', later, 'entitled'],
    ['cancelled', NOW, 'not_active'],
    ['cancelled', null, 'not_active'],
    ['suspended', later, 'suspended'],
    ['paused', later, 'paused'],
    ['draft', later, 'not_active'],
    ['expired', later, 'not_active'],
  ];
  for (const [status, accessUntil, reason] of statuses) {
    const until = accessUntil === null ? 'for ever' : accessUntil === NOW ? 'until now' : 'one ms longer';
    it(`${status} with access ${until}: ${reason}`, () => {
      expect(decideEntitlement(document({ status, accessUntil }), null, NOW)).to.include({
        allowed: reason === 'entitled',
        reason,
        plan: 'pro',
      });
    });
  }

  const features: readonly (readonly [string, string, number | null, string | null])[] = [
    ['sso', 'entitled', null, null],
    ['audit', 'feature_disabled', null, null],
    ['channels', 'entitled', 5, null],
    ['robots', 'feature_disabled', 0, null],
    ['messages', 'entitled', -1, null],
    ['support', 'entitled', null, 'gold'],
    ['unheard-of', 'feature_not_in_plan', null, null],
  ];
  for (const [feature, reason, limit, level] of features) {
    it(`${feature}: ${reason}`, () => {
      expect(decideEntitlement(document(), feature, NOW)).to.include({
        allowed: reason === 'entitled',
        reason,
        limit,
        level,
      });
    });
  }
});

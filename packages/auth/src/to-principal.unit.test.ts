import { isAccountId, type Permission, Secret } from '@quittance/kernel';
import { expect } from 'chai';

import { makeStub, silent, START_MS } from '../test/gate.ts';
import { makeAdminList } from './admin-list.ts';
import { type VerifiedToken } from './claims.ts';
import { makeToPrincipal } from './to-principal.ts';

const account = 'acme';
const token = (changes: Partial<VerifiedToken>): VerifiedToken => ({
  subject: 'user-1',
  accountId: isAccountId(account) ? account : null,
  roles: [],
  scopes: [],
  admin: false,
  expiresAtMs: START_MS,
  ...changes,
});
const names = { billing: ['billing', 'finance'], onboarding: ['onboarding'] };

describe('makeToPrincipal', () => {
  const all: readonly Permission[] = ['billing.read', 'billing.write', 'billing.approve', 'tenant_subscription.write'];
  const cases: readonly (readonly [string, Partial<VerifiedToken>, string, readonly Permission[]])[] = [
    ['an account without a role is a customer', {}, 'customer', ['own.read', 'own.write']],
    ['scopes give a customer nothing', { scopes: ['usage.write'] }, 'customer', ['own.read', 'own.write']],
    ['nothing at all may do nothing', { accountId: null }, 'customer', []],
    ['the billing role', { roles: ['billing'] }, 'operator', all],
    ['a role under its configured name', { roles: ['finance'] }, 'operator', all],
    ['the onboarding role', { roles: ['onboarding'] }, 'operator', ['billing.read', 'tenant_subscription.write']],
    ['the admin flag gives billing', { admin: true }, 'operator', all],
    ['super_admin in the roles claim gives nothing', { roles: ['super_admin'], accountId: null }, 'customer', []],
    [
      'scopes without an account are a service’s',
      { accountId: null, scopes: ['usage.write', 'openid'] },
      'service',
      ['usage.write'],
    ],
  ];
  for (const [what, changes, kind, permissions] of cases) {
    it(what, async () => {
      const principal = await makeToPrincipal(names, null)(token(changes));

      expect(principal.kind).to.equal(kind);
      expect([...principal.permissions]).to.have.members(permissions);
      expect(principal.accountId).to.equal(kind === 'customer' ? (changes.accountId === null ? null : 'acme') : null);
    });
  }

  context('with SuperAdmin’s list', () => {
    const setUp = async () => {
      const state = { up: true, nowMs: START_MS, authorization: '' };
      const stub = await makeStub((request) => {
        state.authorization = request.headers.authorization ?? '';
        return state.up ? { admins: [{ subject: 'root', name: 'Root', roles: ['super_admin'] }] } : null;
      });
      const wallClock = { nowMs: () => state.nowMs };
      const list = makeAdminList({ url: stub.url, secret: new Secret('list-secret'), wallClock, logger: silent });
      return { state, stub, toPrincipal: makeToPrincipal(names, list) };
    };

    it('makes those on it what it says, and the flag of others counts for nothing', async () => {
      const { state, stub, toPrincipal } = await setUp();

      const root = await toPrincipal(token({ subject: 'root' }));
      const flagged = await toPrincipal(token({ subject: 'user-2', admin: true }));
      stub.close();

      expect(root.permissions.has('payment_config.manage')).to.equal(true);
      expect(flagged.kind).to.equal('customer');
      expect(state.authorization).to.equal('Bearer list-secret');
      expect(stub.requests()).to.equal(1);
    });

    it('when it is down nobody is super_admin and the flag gives billing, until it is back', async () => {
      const { state, stub, toPrincipal } = await setUp();
      await toPrincipal(token({ subject: 'root' }));
      state.up = false;
      state.nowMs += 60_000;

      const down = await toPrincipal(token({ subject: 'root', admin: true }));
      state.up = true;
      state.nowMs += 5000;
      const back = await toPrincipal(token({ subject: 'root' }));
      stub.close();

      expect([
        down.kind,
        down.permissions.has('billing.write'),
        down.permissions.has('payment_config.manage'),
      ]).to.deep.equal(['operator', true, false]);
      expect(back.permissions.has('payment_config.manage')).to.equal(true);
    });
  });
});

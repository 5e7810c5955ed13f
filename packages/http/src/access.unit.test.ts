import { isAccountId, must, type Permission, type Principal } from '@quittance/kernel';
import { expect } from 'chai';

import { scopeOf } from './access.ts';

const accountOf = (text: string) => must(isAccountId(text) ? text : null, 'account id');

const principal = (kind: Principal['kind'], permissions: readonly Permission[], account: string | null): Principal => ({
  kind,
  subject: 's',
  accountId: account === null ? null : accountOf(account),
  permissions: new Set(permissions),
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
  }
  return 'none';
};

describe('scopeOf', () => {
  const customer = principal('customer', ['own.read'], 'a');
  const operator = principal('operator', ['billing.read'], null);
  const service = principal('service', ['entitlements.read'], null);

  it('gives a customer the own account, and no other one', () => {
    expect(scopeOf(customer)).to.deep.equal({ account: 'a' });
    expect(scopeOf(customer, 'a')).to.deep.equal({ account: 'a' });
    expect(codeOf(() => scopeOf(customer, 'b'))).to.equal('platform.not_found');
  });

  it('gives an operator every account, or the one asked for', () => {
    expect(scopeOf(operator)).to.equal('every_account');
    expect(scopeOf(operator, 'b')).to.deep.equal({ account: 'b' });
    expect(codeOf(() => scopeOf(principal('operator', ['tenant_subscription.write'], null)))).to.equal(
      'platform.forbidden',
    );
  });

  it('gives a service only the account it names, and only with the scope', () => {
    expect(scopeOf(service, 'b')).to.deep.equal({ account: 'b' });
    expect(codeOf(() => scopeOf(service))).to.equal('platform.forbidden');
    expect(codeOf(() => scopeOf(principal('service', ['usage.write'], null), 'b'))).to.equal('platform.forbidden');
  });
});

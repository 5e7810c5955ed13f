import { type Access, type HttpContract } from '@quittance/contracts';
import { type AccountId, type AccountScope, isAccountId, platformFail, type Principal } from '@quittance/kernel';

/**
 * Deny by default: nobody passes a contract that asks for permissions without holding one of them.
 *
 * @throws platform.unauthenticated, platform.forbidden (`details.needs` lists what would do)
 */
export const requireAccess = (contract: HttpContract, principal: Principal | null): void => {
  const access: Access = contract.access;
  if (typeof access === 'string') return;
  if (principal === null) throw platformFail('platform.unauthenticated', 'The request needs a token.');
  if (access.anyOf.some((permission) => principal.permissions.has(permission))) return;
  throw platformFail('platform.forbidden', `${contract.name} needs ${access.anyOf.join(' or ')}.`, {
    details: { needs: [...access.anyOf] },
  });
};

/**
 * What a caller may see. Customers: their own account, and any other is not found. Operators with `billing.read`: the
 * account they ask for, or every one. Services: the account they name.
 */
export const scopeOf = (principal: Principal, requestedAccount?: string | null): AccountScope => {
  if (principal.kind === 'customer') return { account: ownAccount(principal, requestedAccount) };
  const mayReadAny = principal.permissions.has(principal.kind === 'operator' ? 'billing.read' : 'entitlements.read');
  if (!mayReadAny) throw platformFail('platform.forbidden', 'This token reaches no account.');
  if (requestedAccount !== undefined && requestedAccount !== null) return { account: parsed(requestedAccount) };
  if (principal.kind === 'operator') return 'every_account';
  throw platformFail('platform.forbidden', 'A service must name the account.');
};

/**
 * The one account a request is about, where nobody is answered about all of them.
 * @throws DomainError as `scopeOf`, and `platform.invalid_request` for an operator who names none.
 */
export const accountOf = (principal: Principal, requestedAccount?: string | null): AccountId => {
  const scope = scopeOf(principal, requestedAccount);
  if (scope !== 'every_account') return scope.account;
  const issues = [{ path: 'query.account', problem: 'is needed: name the account it is about' }];
  throw platformFail('platform.invalid_request', 'Name the account.', { details: { issues } });
};

const ownAccount = (principal: Principal, requested: string | null | undefined): AccountId => {
  if (principal.accountId === null) throw platformFail('platform.forbidden', 'This token names no account.');
  if (requested !== undefined && requested !== null && requested !== principal.accountId) {
    // Whether AuthGate has such an account or not: naming another one is the attempt.
    throw platformFail('platform.not_found', 'There is no such account.', { trespass: true });
  }
  return principal.accountId;
};

const parsed = (account: string): AccountId => {
  if (!isAccountId(account)) throw platformFail('platform.not_found', 'There is no such account.');
  return account;
};

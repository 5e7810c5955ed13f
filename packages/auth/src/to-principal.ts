import { type Permission, type Principal, type Role } from '@quittance/kernel';

import { type AdminList } from './admin-list.ts';
import { type VerifiedToken } from './claims.ts';
import { CUSTOMER_PERMISSIONS, PERMISSIONS_OF_ROLE, SERVICE_PERMISSIONS } from './permissions.ts';

/** AuthGate’s words for our roles. `super_admin` has none: only SuperAdmin’s list gives it. */
export type RoleNames = Readonly<Record<Exclude<Role, 'super_admin'>, readonly string[]>>;

/**
 * Who a verified token stands for. SuperAdmin’s list, where there is one, decides who is an administrator; while it is
 * down, and where there is none, the token’s admin flag gives `billing`. A token without role and account is a
 * service’s when it has scopes of ours; without anything it may do nothing.
 */
export const makeToPrincipal =
  (roleNames: RoleNames, adminList: AdminList | null) =>
  async (token: VerifiedToken): Promise<Principal> => {
    const listed = adminList === null ? null : await adminList.rolesOf(token.subject);
    const roles = [...claimedRoles(token, roleNames), ...(listed ?? flagRoles(token))];
    if (roles.length > 0) {
      return principal(
        'operator',
        token,
        roles.flatMap((role) => PERMISSIONS_OF_ROLE[role]),
      );
    }
    if (token.accountId !== null) return principal('customer', token, CUSTOMER_PERMISSIONS);
    const scoped = SERVICE_PERMISSIONS.filter((permission) => token.scopes.includes(permission));
    return principal(scoped.length > 0 ? 'service' : 'customer', token, scoped);
  };

const claimedRoles = (token: VerifiedToken, names: RoleNames): readonly Role[] =>
  (['billing', 'onboarding'] as const).filter((role) => names[role].some((name) => token.roles.includes(name)));

const flagRoles = (token: VerifiedToken): readonly Role[] => (token.admin ? ['billing'] : []);

const principal = (kind: Principal['kind'], token: VerifiedToken, permissions: readonly Permission[]): Principal => ({
  kind,
  subject: token.subject,
  accountId: kind === 'customer' ? token.accountId : null,
  permissions: new Set(permissions),
});

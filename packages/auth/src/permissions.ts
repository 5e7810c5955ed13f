import { type Permission, type Role } from '@quittance/kernel';

/** What each role may do (DESIGN § 6). Deny by default: what is not here is not allowed. */
export const PERMISSIONS_OF_ROLE = {
  super_admin: [
    'billing.read',
    'billing.write',
    'billing.approve',
    'tenant_subscription.write',
    'payment_config.manage',
  ],
  billing: ['billing.read', 'billing.write', 'billing.approve', 'tenant_subscription.write'],
  onboarding: ['billing.read', 'tenant_subscription.write'],
} as const satisfies Record<Role, readonly Permission[]>;

/** A person without a role, for their own account. */
export const CUSTOMER_PERMISSIONS = ['own.read', 'own.write'] as const satisfies readonly Permission[];

/** What a service token’s scopes can give; each scope is the permission of the same name. */
export const SERVICE_PERMISSIONS = [
  'entitlements.read',
  'usage.write',
  'credits.write',
  'handoff.create',
] as const satisfies readonly Permission[];

/** No token and no role gives it: only the gateway does, to whoever used a hand-off link. */
const HANDOFF_PERMISSIONS = ['handoff.checkout'] as const satisfies readonly Permission[];

const ALL: readonly Permission[] = [
  ...PERMISSIONS_OF_ROLE.super_admin,
  ...CUSTOMER_PERMISSIONS,
  ...SERVICE_PERMISSIONS,
  ...HANDOFF_PERMISSIONS,
];

export const isPermission = (value: unknown): value is Permission => ALL.some((permission) => permission === value);

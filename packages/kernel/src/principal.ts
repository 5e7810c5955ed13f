import { type AccountId } from './ids.ts';

/** Roles people hold (DESIGN § 6). A customer is somebody without any. */
export type Role = 'super_admin' | 'billing' | 'onboarding';

/** What a contract may ask for. `own.*` reach only the caller's account. */
export type Permission =
  | 'billing.read'
  | 'billing.write'
  | 'billing.approve'
  | 'tenant_subscription.write'
  | 'payment_config.manage'
  | 'own.read'
  | 'own.write'
  | 'entitlements.read'
  | 'usage.write'
  | 'credits.write'
  | 'handoff.create'
  /** Of a session that a hand-off link opened: its one checkout and nothing else. */
  | 'handoff.checkout';

/** Who is asking, verified. Services accept nothing else as identity. */
export interface Principal {
  readonly kind: 'customer' | 'operator' | 'service';
  /** Opaque subject of AuthGate. */
  readonly subject: string;
  /** The account a customer acts for; operators and services have none. */
  readonly accountId: AccountId | null;
  readonly permissions: ReadonlySet<Permission>;
}

/** Who did it, as messages and the audit trail name them. `system` acts through jobs, `provider` through webhooks. */
export interface Actor {
  readonly kind: 'customer' | 'operator' | 'service' | 'system' | 'provider' | 'anonymous';
  readonly id: string;
}

export const actorOf = (principal: Principal): Actor => ({ kind: principal.kind, id: principal.subject });

/** What a caller may see: one account, or all of them. Repositories take it first. */
export type AccountScope = { readonly account: AccountId } | 'every_account';

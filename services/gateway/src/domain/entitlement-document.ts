import { type AccountId } from '@quittance/kernel';

export type SubscriptionStatus =
  | 'draft'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'paused'
  | 'suspended'
  | 'cancelled'
  | 'expired';

/** What a plan gives: a switch, a limit, no limit, or a level by name. */
export type Entitlement =
  | { readonly kind: 'switch'; readonly feature: string; readonly enabled: boolean }
  | { readonly kind: 'limit'; readonly feature: string; readonly limit: number }
  | { readonly kind: 'unlimited'; readonly feature: string }
  | { readonly kind: 'level'; readonly feature: string; readonly level: string };

/** What an account may use of one product, as subscription tells it. The highest revision is the truth. */
export interface EntitlementDocument {
  readonly accountId: AccountId;
  readonly productKey: string;
  readonly subscriptionId: string;
  readonly planKey: string;
  readonly status: SubscriptionStatus;
  /** Access ends here whatever happens; null never ends. */
  readonly accessUntil: Date | null;
  readonly entitlements: readonly Entitlement[];
  readonly revision: number;
}

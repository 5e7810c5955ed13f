import { assertNever } from '@quittance/kernel';

import { type Entitlement, type EntitlementDocument } from './entitlement-document.ts';

export type EntitlementReason =
  | 'entitled'
  | 'no_subscription'
  | 'not_active'
  | 'suspended'
  | 'paused'
  | 'access_ended'
  | 'feature_not_in_plan'
  | 'feature_disabled';

export interface EntitlementDecision {
  readonly allowed: boolean;
  readonly reason: EntitlementReason;
  readonly plan: string | null;
  /** −1 is unlimited; null where the feature has no limit. */
  readonly limit: number | null;
  readonly level: string | null;
  readonly accessUntil: Date | null;
  readonly revision: number | null;
}

/**
 * May this account use this feature (null: the product at all) now? Deny unless everything says yes. A cancelled
 * subscription keeps its access to the end of what was paid; suspended and paused deny at once.
 */
export const decideEntitlement = (
  document: EntitlementDocument | null,
  feature: string | null,
  now: Date,
): EntitlementDecision => {
  if (document === null) return { ...NOTHING, reason: 'no_subscription' };
  const known = {
    ...NOTHING,
    plan: document.planKey,
    accessUntil: document.accessUntil,
    revision: document.revision,
  };
  const barred = whyBarred(document, now);
  if (barred !== null) return { ...known, reason: barred };
  if (feature === null) return { ...known, allowed: true, reason: 'entitled' };
  const entitlement = document.entitlements.find((candidate) => candidate.feature === feature);
  if (entitlement === undefined) return { ...known, reason: 'feature_not_in_plan' };
  return { ...known, ...grantOf(entitlement) };
};

const NOTHING = { allowed: false, plan: null, limit: null, level: null, accessUntil: null, revision: null } as const;

const whyBarred = ({ status, accessUntil }: EntitlementDocument, now: Date): EntitlementReason | null => {
  const ended = accessUntil !== null && now >= accessUntil;
  switch (status) {
    case 'suspended':
    case 'paused':
      return status;
    case 'draft':
    case 'expired':
      return 'not_active';
    case 'cancelled':
      return accessUntil === null || ended ? 'not_active' : null;
    case 'trialing':
    case 'active':
    case 'past_due':
      return ended ? 'access_ended' : null;
    default:
      return assertNever(status);
  }
};

type Grant = Pick<EntitlementDecision, 'allowed' | 'reason' | 'limit' | 'level'>;

const grantOf = (entitlement: Entitlement): Grant => {
  switch (entitlement.kind) {
    case 'switch':
      return entitlement.enabled ? { ...YES, limit: null, level: null } : DISABLED;
    case 'limit':
      return entitlement.limit > 0 ? { ...YES, limit: entitlement.limit, level: null } : { ...DISABLED, limit: 0 };
    case 'unlimited':
      return { ...YES, limit: -1, level: null };
    case 'level':
      return { ...YES, limit: null, level: entitlement.level };
    default:
      return assertNever(entitlement);
  }
};

const YES = { allowed: true, reason: 'entitled' } as const;
const DISABLED = { allowed: false, reason: 'feature_disabled', limit: null, level: null } as const;

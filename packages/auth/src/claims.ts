import { type AccountId, isAccountId } from '@quittance/kernel';

/** Where a token says what; dots lead into objects (`realm.roles`), and a name that is a URL is taken whole. */
export interface ClaimPaths {
  readonly subject: string;
  readonly account: string;
  readonly roles: string;
  readonly scopes: string;
  readonly admin: string;
}

/** What a verified token says of its bearer, in our words. */
export interface VerifiedToken {
  readonly subject: string;
  readonly accountId: AccountId | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly admin: boolean;
  /** Wall time, ms. */
  readonly expiresAtMs: number;
}

const SUBJECT_CHARACTERS_MAX = 200;

/** Null when the claims name no usable subject, or an account that is none. */
export const toVerifiedToken = (
  claims: Readonly<Record<string, unknown>>,
  paths: ClaimPaths,
  expiresAtMs: number,
): VerifiedToken | null => {
  const subject = claimAt(claims, paths.subject);
  const account = claimAt(claims, paths.account) ?? null;
  if (typeof subject !== 'string' || subject === '' || subject.length > SUBJECT_CHARACTERS_MAX) return null;
  if (account !== null && !isAccountId(account)) return null;
  return {
    subject,
    accountId: account,
    roles: words(claimAt(claims, paths.roles)),
    scopes: words(claimAt(claims, paths.scopes)),
    admin: claimAt(claims, paths.admin) === true,
    expiresAtMs,
  };
};

/** A list, or words separated by spaces as OAuth writes scopes. */
const words = (claim: unknown): readonly string[] => {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
};

const claimAt = (claims: Readonly<Record<string, unknown>>, path: string): unknown => {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const part of path.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

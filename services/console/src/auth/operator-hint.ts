import type { User } from 'oidc-client-ts';

/**
 * Whether to offer the operators' pages in the menu. A convenience only: the gateway decides, and the pages are also
 * linked from the foot of every page, for issuers whose claims say nothing.
 */
export const looksLikeOperator = (user: User | null): boolean => {
  if (user === null) return false;
  return [user.profile, claimsOf(user.access_token)].some(
    (claims) => claims['admin'] === true || (Array.isArray(claims['roles']) && claims['roles'].length > 0),
  );
};

const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const bytes = Uint8Array.from(
      atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
};

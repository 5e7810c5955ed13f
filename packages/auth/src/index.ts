export { type AdminList, type AdminListOptions, makeAdminList } from './admin-list.ts';
export { type AuthGateVariables, authGateVariables, toAuthGateConfig, toRoleNames } from './auth-gate-config.ts';
export { type AuthGateConfig, type AuthGateVerifier, makeAuthGateVerifier } from './auth-gate.ts';
export type { ClaimPaths, VerifiedToken } from './claims.ts';
export { bearerIdentity, type WithAuthorization } from './identity.ts';
export {
  type InternalIssuer,
  type InternalPrivateJwk,
  type InternalVerifier,
  makeInternalIssuer,
  makeInternalKeyPair,
  makeInternalVerifier,
  readInternalPrivateJwk,
} from './internal-identity.ts';
export type { Introspection } from './introspect.ts';
export { makeToPrincipal, type RoleNames } from './to-principal.ts';

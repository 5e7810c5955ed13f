export { assert, assertNever, AssertionFailed, must } from './assert.ts';
export type { Clock, WallClock } from './clock.ts';
export {
  DomainError,
  type ErrorDefinition,
  type ErrorFacts,
  type ErrorKind,
  type ErrorTable,
  type Fail,
  isDomainError,
  makeFail,
  toError,
} from './domain-error.ts';
export { findInScope } from './find-in-scope.ts';
export { type AccountId, type Id, isAccountId, isId, makeNewId, type NewId } from './ids.ts';
export { isCountry } from './is-country.ts';
export { isLostRace, platformErrors, platformFail } from './platform-errors.ts';
export { type AccountScope, type Actor, actorOf, type Permission, type Principal, type Role } from './principal.ts';
export { Secret } from './secret.ts';
export type { AuditEntry, AuditResult, Commit, UnitOfWork, Write } from './unit-of-work.ts';

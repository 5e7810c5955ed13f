export { accountOf, scopeOf } from './access.ts';
export { accepted, type Answer, type AnswerOptions, created, file, noContent, ok } from './answer.ts';
export { makeApp } from './app.ts';
export type { AppHooks, AppOptions, Asked, Denial } from './app-options.ts';
export { checkIfMatch, requireIfMatch } from './etag.ts';
export {
  type Exchange,
  forward,
  handle,
  type HandlerInput,
  type PrincipalFor,
  type Reply,
  type RequestFacts,
  type Route,
} from './handle.ts';
export type { IdempotencyScope, IdempotencyState, IdempotencyStore, StoredAnswer } from './idempotency-store.ts';
export { listen, type Listening } from './listen.ts';
export type { Problem } from './problem.ts';
export { SECURITY_HEADERS } from './send-reply.ts';
export { TRESPASS_HEADER } from './serve-route.ts';

import { type ErrorTable, isDomainError, makeFail } from './domain-error.ts';

/** The codes that any service may answer. A service's own codes live in its `domain/errors.ts`. */
export const platformErrors = {
  'platform.invalid_request': {
    kind: 'invalid',
    title: 'The request does not match its contract',
    remedy: 'Correct the fields listed in `details.issues` and send it again.',
  },
  'platform.invalid_cursor': {
    kind: 'invalid',
    title: 'The cursor is none of this list',
    remedy: 'Send `after` exactly as `nextCursor` gave it, or leave it out to start again.',
  },
  'platform.unreadable_request': {
    kind: 'invalid',
    title: 'The request cannot be read',
    remedy:
      'Send HTTP/1.1 with one Host header and a path that decodes as UTF-8, address and headers within 16 KiB, without long pauses.',
  },
  'platform.method_not_allowed': {
    kind: 'invalid',
    title: 'This path does not answer this method',
    remedy: 'Use one of the methods in the Allow header.',
  },
  'platform.malformed_body': {
    kind: 'invalid',
    title: 'The body is not valid JSON',
    remedy: 'Send one whole UTF-8 JSON document, no name twice in an object.',
  },
  'platform.unsupported_media_type': {
    kind: 'invalid',
    title: 'The body is of a kind that is not read here',
    remedy: 'Send it with Content-Type application/json, in UTF-8 and not compressed.',
  },
  'platform.body_too_large': {
    kind: 'invalid',
    title: 'The body is larger than this route accepts',
    remedy: 'Send a smaller body; the limit is in `details.limitBytes`.',
  },
  'platform.card_number_refused': {
    kind: 'invalid',
    title: 'A field holds what looks like a card number',
    remedy: 'Card numbers are entered only on the provider’s hosted page. Remove it; nothing was stored.',
  },
  'platform.idempotency_key_required': {
    kind: 'invalid',
    title: 'This request needs an Idempotency-Key header',
    remedy: 'Send a unique key of 8 to 128 printable characters, and the same key when you retry.',
  },
  'platform.idempotency_key_reused': {
    kind: 'refused',
    title: 'This Idempotency-Key was used for another request',
    remedy: 'Use a new key for a new request; repeat a key only with the same body.',
  },
  'platform.idempotency_in_progress': {
    kind: 'conflict',
    title: 'The first request with this Idempotency-Key is still running',
    remedy: 'Wait a few seconds and send the same request with the same key.',
  },
  'platform.unauthenticated': {
    kind: 'unauthenticated',
    title: 'No valid token',
    remedy: 'Send `Authorization: Bearer …` with a current AuthGate token.',
  },
  'platform.forbidden': {
    kind: 'forbidden',
    title: 'This token may not do that',
    remedy: 'Ask an administrator for the permission named in `details.needs`.',
  },
  'platform.not_found': {
    kind: 'not_found',
    title: 'There is nothing here',
    remedy: 'Check the id or the path; an object of another account is not found either.',
  },
  'platform.version_conflict': {
    kind: 'conflict',
    title: 'Somebody else changed it first',
    remedy: 'Read the current version and decide again.',
  },
  'platform.if_match_required': {
    kind: 'invalid',
    title: 'This request needs an If-Match header',
    remedy: 'Read the document, and send the ETag of that answer as If-Match with what you make of it.',
  },
  'platform.rate_limited': {
    kind: 'rate_limited',
    title: 'Too many requests',
    remedy: 'Wait as long as the Retry-After header says.',
  },
  'platform.unavailable': {
    kind: 'unavailable',
    title: 'A part of the platform cannot answer now',
    remedy: 'Try again with growing pauses; nothing was half-done.',
  },
  'platform.internal': {
    kind: 'internal',
    title: 'Something broke on our side',
    remedy: 'Report the `instance` of this answer; it finds the log line.',
  },
} as const satisfies ErrorTable;

export const platformFail = makeFail(platformErrors);

/** Somebody else changed it first: nothing was changed here, and deciding again may succeed. */
export const isLostRace = (error: unknown): boolean =>
  isDomainError(error) && error.code === 'platform.version_conflict';

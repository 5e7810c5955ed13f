import { DomainError, type ErrorKind, type ErrorTable, platformErrors } from '@quittance/kernel';

/** The only place where a kind becomes a status; a new kind does not compile without one. */
const STATUS_OF_KIND = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  refused: 422,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorKind, number>;

/** HTTP has words of its own for these. */
const STATUS_OF_CODE: ReadonlyMap<string, number> = new Map([
  ['platform.body_too_large', 413],
  ['platform.method_not_allowed', 405],
  ['platform.unsupported_media_type', 415],
]);

/** RFC 9457, with our members: code, remedy and details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly instance: string;
  readonly remedy?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export const statusOf = (error: unknown): number => {
  if (!(error instanceof DomainError)) return 500;
  return STATUS_OF_CODE.get(error.code) ?? STATUS_OF_KIND[error.kind];
};

/** The body of an error answer. What is our fault says nothing but where to find its log line. */
export const toProblem = (error: unknown, requestId: string, errors: ErrorTable): Problem => {
  const status = statusOf(error);
  const instance = `urn:quittance:request:${requestId}`;
  const told = error instanceof DomainError && status !== 500 ? error : null;
  const code = told?.code ?? 'platform.internal';
  const definition = errors[code] ?? definitionIn(platformErrors, code) ?? told?.told;
  return {
    type: `/docs/errors#${code}`,
    title: definition?.title ?? TITLE_OF_STATUS[status] ?? 'Error',
    status,
    ...(told === null ? {} : { detail: told.message }),
    code,
    instance,
    ...(definition === undefined ? {} : { remedy: definition.remedy }),
    ...(told === null || Object.keys(told.details).length === 0 ? {} : { details: told.details }),
  };
};

/** Headers that belong to the kind: when to come back, and how to identify oneself. */
export const problemHeaders = (error: unknown): Readonly<Record<string, string>> => {
  const status = statusOf(error);
  if (status === 401) return { 'www-authenticate': 'Bearer realm="quittance"' };
  if (status === 413) return { connection: 'close' };
  if (status !== 429 && status !== 503) return {};
  const seconds = error instanceof DomainError ? error.details['retryAfterSeconds'] : null;
  return { 'retry-after': String(typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : 1) };
};

const definitionIn = (table: ErrorTable, code: string) => table[code];

const TITLE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Not authenticated',
  403: 'Not permitted',
  404: 'Not found',
  409: 'Conflict',
  422: 'Refused',
  429: 'Too many requests',
  503: 'Not available now',
};

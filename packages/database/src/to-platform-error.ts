import { isDomainError, platformFail, toError } from '@quittance/kernel';

/**
 * What PostgreSQL, `pg` or Prisma threw, as a platform error where the caller can do something about it:
 * no connection or too busy → `platform.unavailable`; lost race (serialization, deadlock, lock time-out, unique
 * violation) → `platform.version_conflict`. Anything else is our bug and is returned as it is.
 */
export const toPlatformError = (thrown: unknown): Error => {
  if (isDomainError(thrown)) return thrown;
  const codes = errorCodes(thrown);
  const cause = toError(thrown);
  if (codes.some(isRace)) {
    return platformFail('platform.version_conflict', 'Another change to the same rows came first.', { cause });
  }
  if (codes.some(isOutage) || OUTAGE_TEXT.test(cause.message)) {
    return platformFail('platform.unavailable', 'The database cannot be reached or is too busy.', { cause });
  }
  return cause;
};

/** True when the error, or one it wraps, has this SQLSTATE, e.g. '23505' for a unique violation. */
export const hasSqlState = (thrown: unknown, sqlState: string): boolean => errorCodes(thrown).includes(sqlState);

/** Runs `work` and throws what it throws as `toPlatformError` sees it. */
export const mappingErrors = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw toPlatformError(error);
  }
};

/** SQLSTATEs and Prisma codes of lost races; P2002 is Prisma's unique violation, P2034 its write conflict. */
const RACES = new Set([
  '23505',
  '40001',
  '40P01',
  '55P03',
  'P2002',
  'P2034',
  'TransactionWriteConflict',
  'UniqueConstraintViolation',
]);

const isRace = (code: string): boolean => RACES.has(code);

/** Sockets, Prisma's connection errors, the adapter's kinds, and a query, transaction or primary that was ended. */
const OUTAGES = new Set(
  [
    'ECONNREFUSED ECONNRESET ENOTFOUND ETIMEDOUT EPIPE EAI_AGAIN EHOSTUNREACH ENETUNREACH',
    'P1000 P1001 P1002 P1003 P1008 P1011 P1017 P2024 P2028 P2037',
    'DatabaseNotReachable ConnectionClosed SocketTimeout TooManyConnections TlsConnectionError',
    '57014 25P02 25P03 25006',
  ].flatMap((codes) => codes.split(' ')),
);

/** Classes 08 connection, 53 resources, 57P server shutting down, 58 system error. */
const isOutage = (code: string): boolean => OUTAGES.has(code) || /^(08...|53...|57P..|58...)$/.test(code);

const OUTAGE_TEXT =
  /connection terminated|client has encountered a connection error|timeout exceeded when trying to connect|not queryable|cannot use a pool after|server closed the connection|query read timeout/i;

/** Every code on the error and on what it wraps: `cause`, Prisma's `meta.driverAdapterError`, AggregateError's parts. */
const errorCodes = (thrown: unknown): readonly string[] => {
  const codes: string[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || depth > 6) return;
    seen.add(value);
    for (const key of ['code', 'originalCode', 'kind', 'errorCode']) {
      const found: unknown = Reflect.get(value, key);
      if (typeof found === 'string') codes.push(found);
    }
    for (const key of ['cause', 'meta', 'driverAdapterError']) visit(Reflect.get(value, key), depth + 1);
    const parts: unknown = Reflect.get(value, 'errors');
    if (Array.isArray(parts)) for (const part of parts) visit(part, depth + 1);
  };
  visit(thrown, 0);
  return codes;
};

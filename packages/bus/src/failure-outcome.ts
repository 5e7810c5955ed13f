import { type ErrorKind, isDomainError, toError } from '@quittance/kernel';

import { type Settlement } from './transport.ts';

/** The one place where a kind of error becomes an outcome of the bus. A new kind does not compile without a line. */
const OUTCOME_OF_KIND = {
  // Sending the same message again cannot change these answers; a person has to look.
  invalid: 'dead_letter',
  refused: 'dead_letter',
  unauthenticated: 'dead_letter',
  forbidden: 'dead_letter',
  // Messages arrive in any order: what is missing or in the way now may be there or gone later.
  not_found: 'retry',
  conflict: 'retry',
  rate_limited: 'retry',
  unavailable: 'retry',
  internal: 'retry',
} as const satisfies Record<ErrorKind, 'retry' | 'dead_letter'>;

/** What becomes of a delivery whose handler threw: a later attempt while there are any, then the dead letters. */
export const failureOutcome = (thrown: unknown, attempt: number, attemptsMax: number): Settlement => {
  const reason = reasonOf(thrown);
  const outcome = isDomainError(thrown) ? OUTCOME_OF_KIND[thrown.kind] : 'retry';
  if (outcome === 'dead_letter') return { outcome, reason };
  if (attempt >= attemptsMax) return { outcome: 'dead_letter', reason: `gave up after attempt ${attempt}: ${reason}` };
  return { outcome, reason };
};

const reasonOf = (thrown: unknown): string => {
  const error = toError(thrown);
  return isDomainError(error) ? `${error.code}: ${error.message}` : `${error.name}: ${error.message}`;
};

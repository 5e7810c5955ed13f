import { DomainError, type ErrorKind } from '@quittance/kernel';
import { expect } from 'chai';

import { failureOutcome } from './failure-outcome.ts';

const ATTEMPTS_MAX = 5;

describe('failureOutcome', () => {
  const expected: Readonly<Record<ErrorKind, 'retry' | 'dead_letter'>> = {
    invalid: 'dead_letter',
    refused: 'dead_letter',
    unauthenticated: 'dead_letter',
    forbidden: 'dead_letter',
    not_found: 'retry',
    conflict: 'retry',
    rate_limited: 'retry',
    unavailable: 'retry',
    internal: 'retry',
  };
  for (const kind of ['invalid', 'refused', 'unauthenticated', 'forbidden', 'not_found', 'conflict'] as const) {
    it(`answers ${expected[kind]} for ${kind}`, () => {
      const error = new DomainError({ code: 'thing.failed', kind }, 'It did not work.');

      const settlement = failureOutcome(error, 1, ATTEMPTS_MAX);

      expect(settlement).to.deep.equal({ outcome: expected[kind], reason: 'thing.failed: It did not work.' });
    });
  }
  for (const kind of ['rate_limited', 'unavailable', 'internal'] as const) {
    it(`answers ${expected[kind]} for ${kind}, until the last attempt`, () => {
      const error = new DomainError({ code: 'thing.failed', kind }, 'It did not work.');

      expect(failureOutcome(error, ATTEMPTS_MAX - 1, ATTEMPTS_MAX).outcome).to.equal('retry');
      expect(failureOutcome(error, ATTEMPTS_MAX, ATTEMPTS_MAX).outcome).to.equal('dead_letter');
    });
  }

  it('retries what nobody expected', () => {
    expect(failureOutcome(new TypeError('undefined is not a function'), 1, ATTEMPTS_MAX)).to.deep.equal({
      outcome: 'retry',
      reason: 'TypeError: undefined is not a function',
    });
    expect(failureOutcome('a string', 1, ATTEMPTS_MAX).outcome).to.equal('retry');
  });
});

import { Secret } from '@quittance/kernel';
import { expect } from 'chai';

import { makeStripeClient } from './stripe-client.ts';

describe('the breakers before Stripe', () => {
  const broken = () => Promise.reject(new Error('no answer'));
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'answered',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : 'failed'),
    );

  for (const [broke, whole] of [
    ['read', 'change'],
    ['change', 'read'],
  ] as const) {
    it(`refuse to ${broke} after it has failed, and let it ${whole} all the same`, async () => {
      const client = makeStripeClient({ secretKey: new Secret('sk_test_unused'), apiBase: null, deadlineMs: 1000 });
      for (let failures = 0; failures < 5; failures += 1) await codeOf(client[broke](broken));

      expect(await codeOf(client[broke](() => Promise.resolve(1)))).to.equal('EOPENBREAKER');
      expect(await client[whole](() => Promise.resolve(1))).to.equal(1);
    });
  }
});

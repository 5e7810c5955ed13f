import { expect } from 'chai';

import { fakeTruths, rowsOf } from './fake-truths.ts';
import { webhooksEnd } from './webhooks.ts';

const TYPE = 'checkout.session.completed';
const delivery = (state: string) => ({ id: 'evt_1', type: TYPE, state, error: null });
const received = (state: string, facts: object = {}) => ({
  id: 'evt_1',
  type: TYPE,
  state,
  ours: true,
  error: null,
  ...facts,
});

describe('webhooksEnd', () => {
  const CASES: readonly (readonly [
    what: string,
    deliveries: readonly object[],
    inbox: readonly object[],
    harms: readonly string[],
  ])[] = [
    ['finds nothing where what was delivered was worked off', [delivery('delivered')], [received('processed')], []],
    [
      'is content with one event delivered three times',
      [delivery('delivered'), delivery('delivered'), delivery('delivered')],
      [received('processed')],
      [],
    ],
    ['finds what was answered 2xx and not kept', [delivery('delivered')], [], ['I4 lost']],
    ['finds what still waits to be delivered', [delivery('pending')], [received('processed')], ['I4 stuck']],
    ['finds what the provider gave up', [delivery('abandoned')], [], ['I4 lost']],
    ['finds what nobody works on', [delivery('delivered')], [received('received')], ['I4 stuck']],
    ['finds news of our own order that was ignored', [delivery('delivered')], [received('ignored')], ['I4 lost']],
    [
      'lets news of nobody’s order be ignored',
      [delivery('delivered')],
      [received('ignored', { ours: false }), received('ignored', { type: 'payment_intent.created' })],
      [],
    ],
  ];

  for (const [what, deliveries, inbox, harms] of CASES) {
    it(what, async () => {
      const found = await webhooksEnd(
        fakeTruths({
          outside: () => Promise.resolve(JSON.parse(JSON.stringify(deliveries))),
          rows: rowsOf({ 'payments-card provider_events': inbox }),
        }),
      );

      expect(found.map(({ invariant, harm }) => `${invariant} ${harm}`)).to.deep.equal(harms);
    });
  }
});

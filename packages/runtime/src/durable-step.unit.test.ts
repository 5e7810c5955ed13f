import { expect } from 'chai';

import { durableStep, isKillPlace, passingsOf, setKillPointProbe } from './durable-step.ts';

describe('durableStep', () => {
  afterEach(() => setKillPointProbe(null));

  it('tells on both sides what the passing is of, after the work with its result', async () => {
    const passed: string[] = [];
    setKillPointProbe((point, kinds) => passed.push(...passingsOf(point, kinds)));

    const result = await durableStep(
      'due.claim',
      async () => ['renewal', 'change', 'renewal'],
      (claimed) => claimed ?? [],
    );

    expect(result).to.deep.equal(['renewal', 'change', 'renewal']);
    expect(passed).to.deep.equal(['due.claim:before', 'due.claim:after renewal', 'due.claim:after change']);
  });

  it('has no passing after work that failed', async () => {
    const passed: string[] = [];
    setKillPointProbe((point) => passed.push(point));

    const failed = await durableStep('relay.publish', () => Promise.reject(new Error('away'))).catch(String);

    expect(failed).to.equal('Error: away');
    expect(passed).to.deep.equal(['relay.publish:before']);
  });

  it('asks for no kinds while nobody watches', async () => {
    let asked = 0;

    await durableStep(
      'relay.publish',
      () => Promise.resolve(),
      () => {
        asked += 1;
        return [];
      },
    );

    expect(asked).to.equal(0);
  });
});

describe('isKillPlace', () => {
  const CASES: readonly (readonly [text: string, known: boolean])[] = [
    ['relay.publish:before', true],
    ['relay.publish:after invoice.paid.v1', true],
    ['idempotency.save:after POST /v1/checkout-sessions', true],
    ['relay.publish', false],
    ['relay.publish:during', false],
    ['relay.forget:after', false],
    ['', false],
  ];

  for (const [text, known] of CASES) {
    it(`${known ? 'knows' : 'does not know'} “${text}”`, () => {
      expect(isKillPlace(text)).to.equal(known);
    });
  }
});

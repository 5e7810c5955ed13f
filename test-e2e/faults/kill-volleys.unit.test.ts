import { expect } from 'chai';

import { type KillPlace, told } from './kill-matrix.ts';
import { atMostEach, oneVolleyEach, type Volley, volleysOf } from './kill-volleys.ts';
import { makeRandom } from './seeded-random.ts';

const at = (
  [flow, service]: readonly [KillPlace['flow'], KillPlace['service']],
  place: KillPlace['place'],
  passings = 1,
): KillPlace => ({ flow, aim: null, service, place, passings, certain: true });

const PLACES = [
  at(['purchase', 'invoicing'], 'relay.publish:before'),
  at(['purchase', 'invoicing'], 'relay.publish:after'),
  at(['purchase', 'invoicing'], 'unit_of_work.commit:after', 6),
  at(['purchase', 'audit'], 'audit.seal:before', 6),
  at(['renewal', 'invoicing'], 'relay.publish:before'),
];

const shotsOf = (volleys: readonly Volley[]) => volleys.flatMap(({ shots }) => shots);

describe('volleysOf', () => {
  it('shoots once at every place', () => {
    const shots = shotsOf(volleysOf(PLACES, makeRandom(1)));

    expect(shots.map(told).toSorted()).to.deep.equal(PLACES.map(told).toSorted());
  });

  it('kills a service once in each run of a flow, and no flow twice in a run', () => {
    const volleys = volleysOf(PLACES, makeRandom(1));

    expect(volleys.map(({ shots }) => shots.length)).to.have.members([1, 1, 1, 2]);
    for (const { flow, shots } of volleys) {
      expect(new Set(shots.map(({ service }) => service)).size).to.equal(shots.length);
      expect(shots.every((shot) => shot.flow === flow)).to.equal(true);
    }
  });

  it('is the same for the same seed, and five seeds differ in order and in the passings', () => {
    const drawn = [1, 2, 3, 4, 5].map((seed) => JSON.stringify(volleysOf(PLACES, makeRandom(seed))));
    const passings = [1, 2, 3, 4, 5].map(
      (seed) =>
        shotsOf(volleysOf(PLACES, makeRandom(seed))).find(({ place }) => place === 'audit.seal:before')?.passing,
    );

    expect(JSON.stringify(volleysOf(PLACES, makeRandom(3)))).to.equal(drawn[2]);
    expect(new Set(drawn).size).to.equal(5);
    expect(new Set(passings).size).to.be.greaterThan(1);
    expect(passings.every((passing = 0) => passing >= 1 && passing <= 6)).to.equal(true);
  });
});

describe('oneVolleyEach', () => {
  it('takes one run of every flow, with so many shots at most', () => {
    const volleys = oneVolleyEach(PLACES, makeRandom(1), 1);

    expect(volleys.map(({ flow, shots }) => `${flow} ${String(shots.length)}`).toSorted()).to.deep.equal([
      'purchase 1',
      'renewal 1',
    ]);
  });
});

describe('atMostEach', () => {
  it('leaves out the runs of a flow that are too many', () => {
    const volleys = atMostEach(volleysOf(PLACES, makeRandom(1)), 2);

    expect(volleys.filter(({ flow }) => flow === 'purchase')).to.have.length(2);
    expect(volleys.filter(({ flow }) => flow === 'renewal')).to.have.length(1);
  });
});

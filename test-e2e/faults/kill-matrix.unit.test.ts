import { DURABLE_STEPS } from '@quittance/runtime';
import { expect } from 'chai';

import { killPlaces, unlistedPassings } from './kill-matrix.ts';

describe('kill matrix', () => {
  it('kills before and after every durable step but the reading of a lost charge, in some flow', () => {
    const points = new Set<string>(killPlaces().map(({ point }) => point));

    const missing = DURABLE_STEPS.flatMap((step) => [`${step}:before`, `${step}:after`]).filter(
      (point) => !points.has(point),
    );

    expect(missing).to.deep.equal(['provider.read_charge:before', 'provider.read_charge:after']);
  });

  it('lists each place once', () => {
    const places = killPlaces().map(({ flow, service, point }) => `${flow} ${service} ${point}`);

    expect(new Set(places).size).to.equal(places.length);
  });

  it('finds a step that a service takes and nobody kills at', () => {
    const found = unlistedPassings([
      { service: 'invoicing', point: 'unit_of_work.commit:before' },
      { service: 'catalog', point: 'webhook.store:before' },
      { service: 'catalog', point: 'webhook.store:before' },
    ]);

    expect(found).to.deep.equal(['catalog webhook.store:before']);
  });
});

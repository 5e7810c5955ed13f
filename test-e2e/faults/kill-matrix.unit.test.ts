import { DURABLE_STEPS } from '@quittance/runtime';
import { expect } from 'chai';

import {
  belongsTo,
  essentialPlaces,
  FLOWS,
  type KillPlace,
  knownPlaces,
  oneKindEach,
  placesSeen,
  told,
  unlisted,
  unseen,
} from './kill-matrix.ts';

const seenAt = (place: KillPlace['place'], more: Partial<KillPlace> = {}): KillPlace => ({
  flow: 'purchase',
  aim: null,
  service: 'invoicing',
  place,
  passings: 1,
  certain: true,
  ...more,
});

describe('kill matrix', () => {
  it('kills before and after every durable step, in some flow', () => {
    const points = new Set<string>(knownPlaces().map(({ place }) => place));

    const missing = DURABLE_STEPS.flatMap((step) => [`${step}:before`, `${step}:after`]).filter(
      (point) => !points.has(point),
    );

    expect(missing).to.deep.equal([]);
  });

  it('lists each place once', () => {
    const places = knownPlaces().map(told);

    expect(new Set(places).size).to.equal(places.length);
  });

  it('has something to kill at in every flow of a quick run, but for the one that time brings', () => {
    const flows = new Set(essentialPlaces().map(({ flow }) => flow));

    expect(FLOWS.filter((flow) => !flows.has(flow))).to.deep.equal(['beat']);
  });

  it('kills at what time brings about in the flow that waits for it, and in no other', () => {
    expect(belongsTo('beat', 'relay.publish:before subscription.beat.v1')).to.equal(true);
    expect(belongsTo('purchase', 'relay.publish:before subscription.beat.v1')).to.equal(false);
    expect(belongsTo('purchase', 'relay.publish:before invoice.paid.v1')).to.equal(true);
    expect(belongsTo('beat', 'audit.seal:before')).to.equal(false);
  });

  it('kills at every kind that was seen, and where nothing was claimed nowhere', () => {
    const seen = [
      seenAt('relay.publish:before invoice.paid.v1'),
      seenAt('relay.publish:before invoice.drafted.v1'),
      seenAt('due.claim:before'),
      seenAt('due.claim:after'),
      seenAt('due.claim:after renewal'),
    ];

    expect(placesSeen(seen).map(({ place }) => place)).to.deep.equal([
      'relay.publish:before invoice.paid.v1',
      'relay.publish:before invoice.drafted.v1',
      'due.claim:before',
      'due.claim:after renewal',
    ]);
  });

  it('kills in a flow with something more in it only at what its base does not always pass', () => {
    const seen = [
      seenAt('relay.publish:before'),
      seenAt('audit.seal:after', { certain: false }),
      seenAt('relay.publish:before', { flow: 'superseded' }),
      seenAt('audit.seal:after', { flow: 'superseded' }),
      seenAt('provider.close_order:after', { flow: 'superseded' }),
      seenAt('relay.publish:before', { flow: 'renewal' }),
    ];

    expect(placesSeen(seen).map(told)).to.deep.equal([
      'purchase: invoicing relay.publish:before',
      'purchase: invoicing audit.seal:after',
      'superseded: invoicing audit.seal:after',
      'superseded: invoicing provider.close_order:after',
      'renewal: invoicing relay.publish:before',
    ]);
  });

  it('kills at one kind of each point a seed, at another with the next, and at what is passed by chance alone', () => {
    const kinds = ['invoice.paid.v1', 'invoice.drafted.v1', 'audit.record-action'];
    const publish = kinds.map((kind) => seenAt(`relay.publish:after ${kind}`));
    const chance = seenAt('relay.publish:after invoice.voided.v1', { certain: false });
    const lone = seenAt('consumer.retry:before', { certain: false });
    const drawn = [1, 2, 3, 4].map((seed) => oneKindEach([...publish, chance, lone], seed).map(({ place }) => place));

    expect(drawn.map((places) => places.length)).to.deep.equal([2, 2, 2, 2]);
    expect(drawn.every((places) => places.includes('consumer.retry:before'))).to.equal(true);
    expect(new Set(drawn.map(([first]) => first))).to.deep.equal(new Set(publish.map(({ place }) => place)));
    expect(drawn[3]).to.deep.equal(drawn[0]);
  });

  it('finds a step that a service takes and the table does not know', () => {
    const found = unlisted([
      seenAt('unit_of_work.commit:before invoice.paid'),
      seenAt('webhook.store:before', { service: 'catalog' }),
      seenAt('webhook.store:after', { service: 'catalog' }),
      seenAt('audit.seal:before', { certain: false }),
    ]);

    expect(found).to.deep.equal(['catalog webhook.store']);
  });

  it('finds what the table knows and nobody passes', () => {
    const all = knownPlaces().filter(({ flow, place }) => !(flow === 'lost_answer' && place.endsWith(':after')));

    expect(unseen(all)).to.deep.equal(['lost_answer: payments-card provider.read_charge:after']);
    expect(unseen(knownPlaces())).to.deep.equal([]);
  });
});

import { expect } from 'chai';

import { anOpenOrder, anOrder, NOW, SESSION, WHEN } from '../../test/builders/order.ts';
import { decideCloseAsked, decideNeverSent, decideRecheck } from './decide-closing.ts';
import { decideLost, decideOpened, decideRefused, decideUnanswered } from './decide-opening.ts';
import { type Decision, withVersion } from './decision.ts';

const said = ({ messages, audit }: Decision) => ({
  messages: messages.map(({ type }) => type),
  audit: audit.map(({ action }) => action),
});

const REFUSAL = { code: 'payments_card.provider_refused', message: 'no' } as const;

describe('decideOpened', () => {
  it('tells where to pay, and is read again after a sweep', () => {
    const decided = decideOpened(anOrder({ unknownSince: NOW, tries: 2 }), SESSION, WHEN);

    expect(said(decided)).to.deep.equal({ messages: ['order.opened'], audit: ['order.opened'] });
    expect(decided.order).to.include({ state: 'open', unknownSince: null, tries: 0 });
    expect(decided.order.dueAt).to.deep.equal(new Date(NOW.getTime() + 60_000));
  });

  it('sends nobody to the page of an order given up meanwhile, and closes it next', () => {
    const decided = decideOpened(anOrder({ state: 'closing' }), SESSION, WHEN);

    expect(said(decided)).to.deep.equal({ messages: [], audit: ['order.opened'] });
    expect(decided.order.state).to.equal('closing');
    expect(decided.order.dueAt).to.deep.equal(new Date(NOW.getTime() + 1000));
  });
});

describe('decideOpened, too late to be paid', () => {
  const late = { ...WHEN, providerNow: new Date(SESSION.payUntil) };
  for (const [name, session, when] of [
    ['after its time', SESSION, late],
    ['without a page', { ...SESSION, payUrl: null }, WHEN],
  ] as const) {
    it(`${name}: sends nobody there and reads it next`, () => {
      const decided = decideOpened(anOrder(), session, when);

      expect(said(decided)).to.deep.equal({ messages: [], audit: ['order.opened'] });
      expect(decided.order).to.include({ state: 'open', dueAt: NOW });
    });
  }
});

describe('decideRefused', () => {
  it('fails for good', () => {
    const decided = decideRefused(anOrder(), REFUSAL);

    expect(said(decided)).to.deep.equal({ messages: ['order.failed'], audit: ['order.failed'] });
    expect(decided.order).to.include({ state: 'failed', dueAt: null });
  });

  it('is as good as closed for an order given up meanwhile', () => {
    expect(said(decideRefused(anOrder({ state: 'closing' }), REFUSAL)).messages).to.deep.equal(['order.expired']);
  });
});

describe('decideUnanswered', () => {
  it('assumes nothing, remembers since when, and asks again ever later', () => {
    const first = decideUnanswered(anOrder(), NOW).order;
    const later = new Date(NOW.getTime() + 5000);
    const second = decideUnanswered(first, later).order;

    expect(first).to.include({ state: 'opening', tries: 1, unknownSince: NOW });
    expect(first.dueAt).to.deep.equal(new Date(NOW.getTime() + 1000));
    expect(second).to.include({ state: 'opening', tries: 2, unknownSince: NOW });
    expect(second.dueAt).to.deep.equal(new Date(later.getTime() + 2000));
  });
});

describe('decideLost', () => {
  it('parks it once, and stops asking when the provider was searched', () => {
    const first = decideLost(anOrder(), NOW, false);
    const second = decideLost(first.order, NOW, true);

    expect(said(first)).to.deep.equal({ messages: [], audit: ['order.parked'] });
    expect(first.order.parked?.code).to.equal('payments_card.outcome_unknown');
    expect(first.order.dueAt).to.not.equal(null);
    expect(said(second)).to.deep.equal({ messages: [], audit: [] });
    expect(second.order.dueAt).to.equal(null);
  });

  it('ends when the order is found after all', () => {
    expect(decideOpened(decideLost(anOrder(), NOW, true).order, SESSION, WHEN).order.parked).to.equal(null);
  });
});

describe('decideCloseAsked', () => {
  it('asks the provider next, once', () => {
    const asked = decideCloseAsked(anOpenOrder(), 'superseded', NOW);
    const again = decideCloseAsked(asked.order, 'superseded', NOW);

    expect(said(asked)).to.deep.equal({ messages: [], audit: ['order.close_requested'] });
    expect(asked.order).to.include({ state: 'closing', dueAt: NOW });
    expect(again.order).to.equal(asked.order);
  });

  it('changes nothing of an order that is over', () => {
    const completed = anOpenOrder({ state: 'completed' });

    expect(decideCloseAsked(completed, 'superseded', NOW).order).to.equal(completed);
  });
});

describe('decideNeverSent', () => {
  it('expires without asking anybody', () => {
    expect(said(decideNeverSent(anOrder({ state: 'closing', firstSentAt: null }))).messages).to.deep.equal([
      'order.expired',
    ]);
  });
});

describe('decideRecheck', () => {
  it('makes it due now', () => {
    expect(decideRecheck(anOpenOrder(), NOW)?.order.dueAt).to.deep.equal(NOW);
  });

  for (const state of ['completed', 'failed'] as const) {
    it(`has no news of an order that is ${state}`, () => {
      expect(decideRecheck(anOpenOrder({ state }), NOW)).to.equal(null);
    });
  }
});

describe('withVersion', () => {
  it('is what order and messages carry', () => {
    const decided = withVersion(decideOpened(anOrder(), SESSION, WHEN), 17);

    expect([decided.order.version, ...decided.messages.map(({ order }) => order.version)]).to.deep.equal([17, 17]);
  });
});

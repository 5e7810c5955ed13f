import { expect } from 'chai';

import {
  canTransition,
  isLive,
  SUBSCRIPTION_STATUSES,
  SUBSCRIPTION_TRANSITIONS,
  SUBSCRIPTION_TRIGGERS,
  type SubscriptionStatus,
  transition,
} from './subscription-status.ts';

/** Written down a second time, as sentences: what is not here must be refused. */
const LEGAL = `
  draft: activate→active abandon→expired begin_trial→trialing replace→expired
  trialing: activate→active change→trialing expire→expired suspend→suspended cancel→cancelled replace→cancelled
  active: change→active renew→active miss_payment→past_due pause→paused suspend→suspended cancel→cancelled replace→cancelled
  past_due: activate→active renew→active miss_payment→past_due suspend→suspended cancel→cancelled replace→cancelled
  paused: resume→active suspend→suspended cancel→cancelled replace→cancelled
  suspended: activate→active expire→expired renew→active renew_suspended→suspended miss_payment→suspended reinstate→active reinstate_trial→trialing reinstate_owing→past_due cancel→cancelled replace→cancelled
  cancelled: reinstate→active restore→active
  expired: activate→active
`;

const legal = new Map(
  LEGAL.trim()
    .split('\n')
    .flatMap((line) => {
      const [from = '', moves = ''] = line.trim().split(': ');
      return moves.split(' ').map((move) => {
        const [trigger = '', to = ''] = move.split('→');
        return [`${from} × ${trigger}`, to] as const;
      });
    }),
);

const TRIGGERS = [
  'activate',
  'abandon',
  'begin_trial',
  'expire',
  'change',
  'renew',
  'renew_suspended',
  'miss_payment',
  'pause',
  'resume',
  'suspend',
  'reinstate',
  'reinstate_trial',
  'reinstate_owing',
  'restore',
  'cancel',
  'replace',
] as const satisfies readonly (keyof typeof SUBSCRIPTION_TRIGGERS)[];

const cells = SUBSCRIPTION_STATUSES.flatMap((from) => TRIGGERS.map((trigger) => ({ from, trigger })));

describe('the life of a subscription', () => {
  it('has a cell for every status × trigger', () => {
    expect(Object.keys(SUBSCRIPTION_TRIGGERS)).to.have.members(TRIGGERS);
    for (const status of SUBSCRIPTION_STATUSES) {
      expect(Object.keys(SUBSCRIPTION_TRANSITIONS[status])).to.have.members(TRIGGERS);
    }
  });

  for (const { from, trigger } of cells) {
    const to = legal.get(`${from} × ${trigger}`);
    it(to === undefined ? `refuses ${trigger} when ${from}` : `goes from ${from} by ${trigger} to ${to}`, () => {
      expect(canTransition(from, trigger)).to.equal(to !== undefined);
      if (to === undefined) expect(() => transition(from, trigger)).to.throw('cannot');
      else expect(transition(from, trigger)).to.equal(to);
    });
  }

  it('can end from everywhere that holds a place, and leads everywhere from a draft', () => {
    for (const status of SUBSCRIPTION_STATUSES.filter(isLive))
      expect(transition(status, 'cancel')).to.equal('cancelled');
    const reached = new Set<SubscriptionStatus>(['draft']);
    for (const from of reached) {
      for (const trigger of TRIGGERS) if (canTransition(from, trigger)) reached.add(transition(from, trigger));
    }
    expect([...reached]).to.have.members(SUBSCRIPTION_STATUSES);
  });
});

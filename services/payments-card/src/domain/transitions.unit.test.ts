import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { ORDER_STATES, type OrderState } from './order.ts';
import { transition, type Trigger } from './transitions.ts';

const TRIGGERS: readonly Trigger[] = [
  'opened',
  'refused',
  'close_asked',
  'still_open',
  'money_on_its_way',
  'paid',
  'money_never_came',
  'declined',
  'expired',
];

/** Every pair that is legal, as a person would say it. All others are not. */
const LEGAL: readonly (readonly [OrderState, Trigger, OrderState])[] = [
  ['opening', 'opened', 'open'],
  ['opening', 'refused', 'failed'],
  ['opening', 'close_asked', 'closing'],
  ['charging', 'refused', 'failed'],
  ['charging', 'close_asked', 'charging'],
  ['charging', 'money_on_its_way', 'confirming'],
  ['charging', 'paid', 'completed'],
  ['charging', 'declined', 'failed'],
  ['open', 'close_asked', 'closing'],
  ['open', 'still_open', 'open'],
  ['open', 'money_on_its_way', 'confirming'],
  ['open', 'paid', 'completed'],
  ['open', 'money_never_came', 'expired'],
  ['open', 'expired', 'expired'],
  ['closing', 'opened', 'closing'],
  ['closing', 'refused', 'expired'],
  ['closing', 'close_asked', 'closing'],
  ['closing', 'still_open', 'closing'],
  ['closing', 'money_on_its_way', 'confirming'],
  ['closing', 'paid', 'completed'],
  ['closing', 'money_never_came', 'expired'],
  ['closing', 'expired', 'expired'],
  ['confirming', 'close_asked', 'confirming'],
  ['confirming', 'money_on_its_way', 'confirming'],
  ['confirming', 'paid', 'completed'],
  ['confirming', 'money_never_came', 'expired'],
  ['confirming', 'declined', 'failed'],
  ['confirming', 'expired', 'expired'],
  ['completed', 'close_asked', 'completed'],
  ['completed', 'paid', 'completed'],
  ['failed', 'refused', 'failed'],
  ['failed', 'close_asked', 'failed'],
  ['failed', 'paid', 'completed'],
  ['failed', 'declined', 'failed'],
  ['expired', 'close_asked', 'expired'],
  ['expired', 'paid', 'completed'],
  ['expired', 'money_never_came', 'expired'],
  ['expired', 'expired', 'expired'],
];

describe('transition', () => {
  for (const from of ORDER_STATES) {
    for (const trigger of TRIGGERS) {
      const legal = LEGAL.find((row) => row[0] === from && row[1] === trigger);
      it(`${from} × ${trigger} ${legal ? `→ ${legal[2]}` : 'is illegal'}`, () => {
        expect(outcomeOf(from, trigger)).to.equal(legal?.[2] ?? 'payments_card.illegal_transition');
      });
    }
  }
});

const outcomeOf = (from: OrderState, trigger: Trigger): string => {
  try {
    return transition(from, trigger);
  } catch (error) {
    return isDomainError(error) && error.kind === 'conflict' ? error.code : 'something else';
  }
};

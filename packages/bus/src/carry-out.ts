import { assertNever } from '@quittance/kernel';
import { durableStep } from '@quittance/runtime';

import { type Settlement } from './transport.ts';

/** What a transport can do with one delivery it holds. */
export interface HeldDelivery {
  acknowledge(): Promise<void>;
  retry(reason: string): Promise<void>;
  deadLetter(reason: string): Promise<void>;
}

/** Each outcome is a durable step: fault tests kill the process on both sides of it. */
export const carryOut = (settlement: Settlement, held: HeldDelivery): Promise<void> => {
  switch (settlement.outcome) {
    case 'acknowledge':
      return durableStep('consumer.acknowledge', () => held.acknowledge());
    case 'retry':
      return durableStep('consumer.retry', () => held.retry(settlement.reason));
    case 'dead_letter':
      return durableStep('consumer.dead_letter', () => held.deadLetter(settlement.reason));
    default:
      return assertNever(settlement);
  }
};

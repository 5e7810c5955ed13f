import { assertNever } from '@quittance/kernel';
import { durableStep } from '@quittance/runtime';

import { type Delivery, type Settlement } from './transport.ts';

/** What a transport can do with one delivery it holds. */
export interface HeldDelivery {
  acknowledge(): Promise<void>;
  retry(reason: string): Promise<void>;
  deadLetter(reason: string): Promise<void>;
}

/** Each outcome is a durable step: fault tests kill the process on both sides of it. */
export const carryOut = (
  { type }: Pick<Delivery, 'type'>,
  settlement: Settlement,
  held: HeldDelivery,
): Promise<void> => {
  const kinds = (): readonly string[] => (type === null ? [] : [type]);
  switch (settlement.outcome) {
    case 'acknowledge':
      return durableStep('consumer.acknowledge', () => held.acknowledge(), kinds);
    case 'retry':
      return durableStep('consumer.retry', () => held.retry(settlement.reason), kinds);
    case 'dead_letter':
      return durableStep('consumer.dead_letter', () => held.deadLetter(settlement.reason), kinds);
    default:
      return assertNever(settlement);
  }
};

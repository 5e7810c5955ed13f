import { type AuditEntry, type UnitOfWork } from '@quittance/kernel';

import { type CardMessage } from '../domain/messages.ts';
import { type DenialReason } from './ports.ts';

export type CountDenial = (reason: DenialReason) => void;

export interface DenialCounter {
  readonly count: CountDenial;
  /** Records what was counted since the last time: one record per reason. */
  flush(): Promise<void>;
}

/** A flood of forgeries is not a flood of records: they are counted, and told once a minute. */
export const makeDenialCounter = (provider: string, unitOfWork: UnitOfWork<CardMessage>): DenialCounter => {
  let counts = new Map<DenialReason, number>();
  return {
    count: (reason) => {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    flush: async () => {
      if (counts.size === 0) return;
      const counted = counts;
      counts = new Map();
      try {
        await unitOfWork.commit({
          writes: [],
          messages: [],
          audit: [...counted].map((entry) => recordOf(provider, entry)),
        });
      } catch (error) {
        for (const [reason, count] of counted) counts.set(reason, (counts.get(reason) ?? 0) + count);
        throw error;
      }
    },
  };
};

const recordOf = (provider: string, [reason, count]: readonly [DenialReason, number]): AuditEntry => ({
  action: 'webhook.denied',
  subject: { type: 'provider', id: provider },
  accountId: null,
  result: 'denied',
  reason,
  count,
});

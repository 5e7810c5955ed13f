import { type ClaimedRow, type DeliveryTable, type Held } from './delivery-table.ts';

/** Keeps what this process is handling from being taken by another one. */
export interface Leases {
  hold(row: ClaimedRow): void;
  drop(row: ClaimedRow): void;
  stop(): void;
}

/** Renews at a third of the lease: two renewals may fail. A lease that ran out anyway costs a duplicate, not a loss. */
export const makeLeases = (table: DeliveryTable, leaseMs: number): Leases => {
  const held = new Map<string, Held>();
  const renew = async (): Promise<void> => {
    if (held.size > 0) await table.renew([...held.values()]).catch(() => undefined);
  };
  const timer = setInterval(() => void renew(), leaseMs / 3);
  return {
    hold: ({ id, lease }) => held.set(id, { id, lease }),
    drop: ({ id, lease }) => {
      if (held.get(id)?.lease === lease) held.delete(id);
    },
    stop: () => clearInterval(timer),
  };
};

import { type WallClock } from '@quittance/kernel';

import { type SubscriptionUnitOfWork } from './ports.ts';

export type Beat = () => Promise<void>;

/**
 * Says that everything committed before this moment has left the outbox: the relay sends in order, so a reader who
 * heard the beat has heard all that came before. Wall time, because staleness is about machines.
 */
export const makeBeat =
  ({ unitOfWork, wallClock }: { readonly unitOfWork: SubscriptionUnitOfWork; readonly wallClock: WallClock }): Beat =>
  () =>
    unitOfWork.commit({ writes: [], messages: [{ type: 'beat', at: new Date(wallClock.nowMs()) }], audit: [] });

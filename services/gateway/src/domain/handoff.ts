import { type AccountId, type Id } from '@quittance/kernel';

/** How long a link may be opened. Wall time: it is about a browser that is on its way, not about business. */
export const LINK_LIVES_MS = 5 * 60_000;
/** How long whoever opened it may look at the order and go on to pay. */
export const SESSION_LIVES_MS = 15 * 60_000;

/** Into one checkout, for one account, in the name of its owner. */
export interface Handoff {
  readonly id: Id<'hnd'>;
  readonly accountId: AccountId;
  /** AuthGate’s subject. */
  readonly owner: string;
  readonly order: HandoffOrder;
  /** Of the link until it is used, of the session from then on. */
  readonly endsAt: Date;
}

export interface HandoffOrder {
  readonly planId: Id<'pln'>;
  readonly interval: string;
  readonly currency: string;
  readonly country: string | null;
  readonly language: string | null;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

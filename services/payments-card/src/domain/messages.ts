import { type MirroredSubscription } from './legacy-subscription.ts';
import { type Attempt, type Order } from './order.ts';

/** What this service tells the others; `messaging/convert.ts` gives it the form of the contracts. */
export type CardMessage =
  | OrderMessage
  | { readonly type: 'legacy-subscription.reported'; readonly mirrored: MirroredSubscription };

export type OrderMessage =
  | { readonly type: 'order.opened'; readonly order: Order }
  | { readonly type: 'order.failed'; readonly order: Order; readonly code: string; readonly message: string }
  | { readonly type: 'order.expired'; readonly order: Order }
  | { readonly type: 'payment.completed'; readonly order: Order }
  | { readonly type: 'payment.failed'; readonly order: Order; readonly attempt: Attempt };

import { type FaultGround } from './fault-ground.ts';
import { type FaultOptions, type Violation } from './fault.ts';
import { type Purchase } from './purchase.ts';
import { type StandIn } from './stand-in.ts';

/** Who meets trouble at the provider, and where. */
export interface Trouble {
  readonly ground: FaultGround;
  readonly standIn: StandIn;
  readonly options: FaultOptions;
}

/** Never two orders for one at the provider: each order has one session in its books. */
export const oneSessionEach = async (
  { ground }: Pick<Trouble, 'ground'>,
  purchases: readonly Pick<Purchase, 'account'>[],
): Promise<readonly Violation[]> => {
  const [books, orders] = await Promise.all([
    ground.truths.books(),
    ground.truths.rows<{ id: string }>('payments-card', 'SELECT id FROM orders WHERE account_id = ANY ($1::text[])', [
      purchases.map(({ account }) => account),
    ]),
  ]);
  return orders.flatMap(({ id }) => {
    const sessions = books.sessions.filter(({ clientReferenceId }) => clientReferenceId === id).length;
    if (sessions <= 1) return [];
    return [{ invariant: 'F9', harm: 'doubled', what: `order ${id} was opened ${sessions} times` } as const];
  });
};

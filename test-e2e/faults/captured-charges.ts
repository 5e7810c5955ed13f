import { type Books, type Truths } from './truths.ts';

/** What the provider has captured for accounts like this one, by its own books; whose order it was, the rail knows. */
export const capturedCharges = async (truths: Truths, accountLike: string): Promise<Books['charges']> => {
  const [orders, { charges }] = await Promise.all([
    truths.rows<{ id: string }>('payments-card', 'SELECT id FROM orders WHERE account_id LIKE $1', [accountLike]),
    truths.books(),
  ]);
  const ours = new Set(orders.map(({ id }) => id));
  return charges.filter(({ captured, metadata }) => captured && ours.has(metadata['order'] ?? ''));
};

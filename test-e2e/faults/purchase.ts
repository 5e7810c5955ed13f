import { randomUUID } from 'node:crypto';

import { must } from '@quittance/kernel';
import { CARDS, PURCHASE_TRAIL, type Shopper, until, type Wish } from '@quittance/local';

import { type Violation } from './fault.ts';
import { type Truths } from './truths.ts';

export const WISH = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;
const PATIENCE_MS = 90_000;

/** Who buys, where, and who may look. */
export interface Counter {
  readonly shopper: Shopper;
  readonly truths: Truths;
  readonly serviceToken: string;
  readonly financeToken: string;
  /** How long a customer waits for a page or for access; default 90 s. */
  readonly patienceMs?: number;
}

export interface Purchase {
  readonly account: string;
  readonly checkoutId: string;
}

/** A person who tries again when a page does not answer, with the same Idempotency-Key as a browser would. */
export const buy = async (
  counter: Counter,
  account: string = newAccount(),
  wish: Wish & { readonly card?: string } = WISH,
): Promise<Purchase> => {
  const { shopper, serviceToken, patienceMs = PATIENCE_MS } = counter;
  const { checkoutId, payUrl } = await openCheckout(counter, account, wish);
  await shopper.pay(payUrl, wish.card ?? CARDS.succeeds);
  await until('access', () => shopper.check(serviceToken, { account, product: wish.product }).catch(() => null), {
    ...PATIENTLY,
    deadlineMs: patienceMs,
    enough: (answer) => answer?.allowed === true,
  });
  return { account, checkoutId };
};

/** Up to the page where the customer pays. */
export const openCheckout = async (
  counter: Pick<Counter, 'shopper' | 'patienceMs'>,
  account: string,
  wish: Wish = WISH,
): Promise<{ readonly checkoutId: string; readonly payUrl: string; readonly token: string }> => {
  const { shopper, patienceMs = PATIENCE_MS } = counter;
  const token = await shopper.customerToken(account);
  const key = randomUUID();
  const session = await until('the checkout', () => shopper.checkout(token, wish, key).catch(() => null), {
    ...PATIENTLY,
    deadlineMs: patienceMs,
    enough: (answer) => answer !== null,
  });
  const { id } = must(session, 'checkout');
  return { checkoutId: id, payUrl: await payPageOf(counter, token, id), token };
};

/** Where the customer pays, once the provider has said. */
export const payPageOf = async (
  { shopper, patienceMs = PATIENCE_MS }: Pick<Counter, 'shopper' | 'patienceMs'>,
  token: string,
  id: string,
): Promise<string> => {
  const open = await until('the payment page', () => shopper.checkoutSession(token, id).catch(() => null), {
    ...PATIENTLY,
    deadlineMs: patienceMs,
    enough: (answer) =>
      answer !== null && ((answer.status === 'open' && answer.payUrl !== null) || ENDED.has(answer.status)),
  });
  if (open?.status !== 'open') throw new Error(`Checkout ${id} is ${open?.status ?? 'nowhere'} before it was paid.`);
  return must(open.payUrl, 'pay url');
};

export const newAccount = (): string => `acc_${randomUUID().slice(0, 12)}`;

/** Exactly one charge, one paid invoice, one active subscription, nine sealed records and a chain that verifies. */
export const judge = async (
  { shopper, truths, financeToken }: Counter,
  { account, checkoutId }: Purchase,
  recordsMore = 0,
): Promise<readonly Violation[]> => {
  const records = PURCHASE_TRAIL.length + recordsMore;
  const trail = await until('the trail', () => shopper.trail(financeToken, checkoutId).catch(() => null), {
    ...PATIENTLY,
    enough: (page) =>
      (page?.data.length ?? 0) >= records && page?.data.every(({ sequence }) => sequence !== null) === true,
  });
  const [books, paid, active, chain] = await Promise.all([
    truths.books(),
    truths.rows('invoicing', "SELECT 1 FROM invoices WHERE account_id = $1 AND status = 'paid'", [account]),
    truths.rows('subscription', "SELECT 1 FROM subscriptions WHERE account_id = $1 AND status = 'active'", [account]),
    verifiedChain(shopper, financeToken),
  ]);
  const orders = await truths.rows<{ id: string }>('payments-card', 'SELECT id FROM orders WHERE account_id = $1', [
    account,
  ]);
  const ours = new Set(orders.map(({ id }) => id));
  const charges = books.charges.filter(({ metadata }) => ours.has(metadata['order'] ?? ''));
  return [
    ...exactly('charge', charges.length, 1),
    ...exactly('paid invoice', paid.length, 1),
    ...exactly('active subscription', active.length, 1),
    ...exactly('audit record', trail?.data.length ?? 0, records),
    ...(chain.valid ? [] : [{ invariant: 'I7', harm: 'unbalanced', what: 'the audit chain is broken' } as const]),
  ];
};

/** What the plan is called, asked again while nobody answers. */
export const planIdOf = async (shopper: Shopper, wish: Wish): Promise<string> => {
  const planId = await until('the plan', () => shopper.planId(wish).catch(() => null), {
    ...PATIENTLY,
    enough: (answer) => answer !== null,
  });
  return must(planId, 'a plan');
};

/** Asked again while nobody answers: what the chain is, not how busy its keeper is. */
export const verifiedChain = async (shopper: Shopper, token: string) => {
  const chain = await until('the chain', () => shopper.verifyChain(token).catch(() => null), {
    ...PATIENTLY,
    enough: (answer) => answer !== null,
  });
  return must(chain, 'what the chain is');
};

/** Waiting for a page to pay on has no use any more. */
const ENDED: ReadonlySet<string> = new Set(['failed', 'expired', 'superseded']);

export const PATIENTLY = { deadlineMs: PATIENCE_MS, everyMs: 100 } as const;

export const exactly = (what: string, got: number, wanted: number): readonly Violation[] => {
  if (got === wanted) return [];
  return [{ invariant: 'purchase', harm: got < wanted ? 'lost' : 'doubled', what: `${got} of ${wanted} ${what}` }];
};

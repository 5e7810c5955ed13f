import { randomUUID } from 'node:crypto';

import { must } from '@quittance/kernel';
import { CARDS, PURCHASE_TRAIL, type ServiceProcess, type Shopper, until } from '@quittance/local';

import { type Violation } from './invariants.ts';
import { type KillPlace } from './kill-matrix.ts';
import { type Truths } from './truths.ts';

const WISH = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;
const PATIENCE_MS = 60_000;

export interface FaultSuite {
  readonly shopper: Shopper;
  readonly truths: Truths;
  readonly processes: readonly ServiceProcess[];
  readonly serviceToken: string;
  readonly financeToken: string;
}

/** One purchase during which the process of `place` dies at its point and is started again, as an orchestrator would. */
export const purchaseUnderFault = async (
  suite: FaultSuite,
  place: KillPlace,
): Promise<{ readonly injected: boolean; readonly violations: readonly Violation[] }> => {
  const victim = must(
    suite.processes.find(({ service }) => service === place.service),
    `process of ${place.service}`,
  );
  let injected = false;
  const revive = async (): Promise<void> => {
    await victim.ended();
    injected = true;
    await victim.start();
  };
  const revived = revive();
  victim.tell({ killPoint: place.point, passing: 1 });
  const account = `acc_${randomUUID().slice(0, 12)}`;
  const checkoutId = await buy(suite, account);
  if (injected) await revived;
  return { injected, violations: await judge(suite, { account, checkoutId }) };
};

/** A person who tries again when a page does not answer, with the same Idempotency-Key as a browser would. */
const buy = async ({ shopper, serviceToken }: FaultSuite, account: string): Promise<string> => {
  const token = await shopper.customerToken(account);
  const key = randomUUID();
  const patiently = { deadlineMs: PATIENCE_MS, everyMs: 100 };
  const session = await until('the checkout', () => shopper.checkout(token, WISH, key).catch(() => null), {
    ...patiently,
    enough: (answer) => answer !== null,
  });
  const { id } = must(session, 'checkout');
  const open = await until('the payment page', () => shopper.checkoutSession(token, id).catch(() => null), {
    ...patiently,
    enough: (answer) => answer?.status === 'open',
  });
  await shopper.pay(must(open?.payUrl, 'pay url'), CARDS.succeeds);
  await until('access', () => shopper.check(serviceToken, { account, product: WISH.product }).catch(() => null), {
    ...patiently,
    enough: (answer) => answer?.allowed === true,
  });
  return id;
};

/** Exactly one charge, one paid invoice, one active subscription, nine sealed records and a chain that verifies. */
const judge = async (
  { shopper, truths, financeToken }: FaultSuite,
  { account, checkoutId }: { readonly account: string; readonly checkoutId: string },
): Promise<readonly Violation[]> => {
  const trail = await until('the trail', () => shopper.trail(financeToken, checkoutId).catch(() => null), {
    enough: (page) =>
      (page?.data.length ?? 0) >= PURCHASE_TRAIL.length &&
      page?.data.every(({ sequence }) => sequence !== null) === true,
    deadlineMs: PATIENCE_MS,
    everyMs: 100,
  });
  const [books, paid, active, chain] = await Promise.all([
    truths.books(),
    truths.rows('invoicing', "SELECT 1 FROM invoices WHERE account_id = $1 AND status = 'paid'", [account]),
    truths.rows('subscription', "SELECT 1 FROM subscriptions WHERE account_id = $1 AND status = 'active'", [account]),
    shopper.verifyChain(financeToken),
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
    ...exactly('audit record', trail?.data.length ?? 0, PURCHASE_TRAIL.length),
    ...(chain.valid ? [] : [{ invariant: 'I7', harm: 'unbalanced', what: 'the audit chain is broken' } as const]),
  ];
};

const exactly = (what: string, got: number, wanted: number): readonly Violation[] => {
  if (got === wanted) return [];
  return [{ invariant: 'purchase', harm: got < wanted ? 'lost' : 'doubled', what: `${got} of ${wanted} ${what}` }];
};

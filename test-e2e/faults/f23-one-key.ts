import { randomUUID } from 'node:crypto';

import { CreateCheckoutSession } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { ApiProblem, CARDS, makeCall, until } from '@quittance/local';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, NOTHING, tell, type Violation } from './fault.ts';
import { PLAIN } from './grounds.ts';
import { countTo } from './lanes.ts';
import { judgeMany } from './many-purchases.ts';
import { newAccount, type Purchase, WISH } from './purchase.ts';

const PARALLEL = 50;
const ROUNDS = 10;

export const oneKeyFault: Fault = {
  id: 'F23',
  title: 'one Idempotency-Key 50 times in parallel, with another body, from another account',
  seeds: 1,
  planned: ROUNDS * PARALLEL,
  run: (options) =>
    onFaultGround(options, PLAIN, async (ground) => {
      const rounds = Math.min(options.quick ? 2 : ROUNDS, Math.ceil(options.firstMax / PARALLEL));
      let sums = NOTHING;
      for (const round of countTo(rounds)) {
        const { violations, purchases } = await oneKey(ground);
        const all = [...violations, ...(await judgeMany(ground, purchases))];
        const what = `round ${round + 1}: one key, ${PARALLEL} times over ${ground.gatewayUrls.length} gateways`;
        sums = add(sums, tell({ id: 'F23', what, seed: options.seed, injected: PARALLEL }, all, options.say));
      }
      return sums;
    }),
};

interface Round {
  readonly violations: readonly Violation[];
  /** What the key bought, and what the same key bought for somebody else. */
  readonly purchases: readonly Purchase[];
}

const oneKey = async (ground: FaultGround): Promise<Round> => {
  const [account, other] = [newAccount(), newAccount()];
  const [token, otherToken] = await Promise.all([
    ground.shopper.customerToken(account),
    ground.shopper.customerToken(other),
  ]);
  const key = randomUUID();
  const body = {
    planId: await ground.shopper.planId(WISH),
    interval: 'month',
    currency: WISH.currency,
    successUrl: 'https://shop.example/return',
    cancelUrl: 'https://shop.example/cancelled',
  };
  const askAt = (gateway: number, customer: string, change: Partial<typeof body> = {}): Promise<string> =>
    makeCall(must(ground.gatewayUrls[gateway % ground.gatewayUrls.length], 'a gateway'))(CreateCheckoutSession, {
      token: customer,
      body: { ...body, ...change },
      idempotencyKey: key,
    }).then(
      ({ id }) => id,
      (error: unknown) => (error instanceof ApiProblem ? `${error.status} ${error.code}` : String(error)),
    );

  const answers = await Promise.all(countTo(PARALLEL).map((index) => askAt(index, token)));
  const again = await until(
    'the answer of the key',
    () => askAt(0, token),
    (answer) => answer !== IN_PROGRESS,
  );
  const changed = await Promise.all(countTo(2).map((index) => askAt(index, token, { interval: 'year' })));
  const others = await askAt(1, otherToken);

  const made = await ground.truths.rows<{ id: string }>(
    'subscription',
    'SELECT id FROM checkouts WHERE account_id = $1',
    [account],
  );
  const violations = [
    ...answers.filter((answer) => answer !== again && answer !== IN_PROGRESS).map(otherAnswer),
    ...changed.filter((answer) => answer !== '422 platform.idempotency_key_reused').map(otherAnswer),
    ...(made.length === 1 ? [] : [violation('doubled', `${made.length} checkouts under one key`)]),
    ...(others === again ? [violation('doubled', 'another account got the same checkout')] : []),
  ];
  // Whoever has two checkouts has nothing to pay for that would tell more.
  if (violations.length > 0) return { violations, purchases: [] };
  const purchases = [
    { account, checkoutId: again },
    { account: other, checkoutId: others },
  ];
  await Promise.all([pay(ground, token, again), pay(ground, otherToken, others)]);
  return { violations, purchases };
};

const IN_PROGRESS = '409 platform.idempotency_in_progress';

const pay = async ({ shopper }: FaultGround, token: string, checkoutId: string): Promise<void> => {
  const open = await until('the payment page', () => shopper.checkoutSession(token, checkoutId), {
    enough: ({ payUrl }) => payUrl !== null,
    deadlineMs: 60_000,
    everyMs: 100,
  });
  await shopper.pay(must(open.payUrl, 'pay url'), CARDS.succeeds);
};

const otherAnswer = (answer: string): Violation => violation('doubled', `one key answered ${answer}`);

const violation = (harm: Violation['harm'], what: string): Violation => ({ invariant: 'F23', harm, what });

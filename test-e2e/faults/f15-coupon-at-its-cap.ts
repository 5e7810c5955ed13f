import { randomUUID } from 'node:crypto';

import { CreateCheckoutSession, CreateCoupon } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { ApiProblem, CARDS, databaseNameOf, makeCall, until, withDatabase } from '@quittance/local';
import pg from 'pg';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { PLAIN } from './grounds.ts';
import { countTo } from './lanes.ts';
import { judgeMany } from './many-purchases.ts';
import { newAccount, planIdOf, type Purchase, WISH } from './purchase.ts';

const CLAIMS = 200;
const ROUNDS = 50;
const ENDS_WITHIN_MS = 90_000;

export const couponAtItsCapFault: Fault = {
  id: 'F15',
  title: 'a coupon at its cap, 200 parallel claims over two replicas',
  seeds: 1,
  planned: ROUNDS * CLAIMS,
  run: (options) =>
    onFaultGround(options, PLAIN, async (ground) => {
      const rounds = Math.min(options.quick ? 2 : ROUNDS, Math.ceil(options.firstMax / CLAIMS));
      let sums = NOTHING;
      // A cap of one, then of three: the last use and the ones before it are taken in different ways.
      for (const round of countTo(rounds))
        sums = add(sums, await claimAtOnce(ground, round % 2 === 0 ? 1 : 3, options));
      return sums;
    }),
};

interface Claim {
  readonly account: string;
  readonly token: string;
  /** The checkout's id, or the problem it was refused with. */
  readonly answer: string;
}

const claimAtOnce = async (ground: FaultGround, cap: number, options: FaultOptions): Promise<Sums> => {
  const code = `RACE-${randomUUID().slice(0, 8).toUpperCase()}`;
  const couponId = await issueCoupon(ground, code, cap);
  // Everybody is let in before anybody asks: otherwise they would come one by one, as fast as tokens are made.
  const planId = await planIdOf(ground.shopper, WISH);
  const ready = await Promise.all(countTo(CLAIMS).map((index) => prepareClaim(ground, { code, planId }, index)));
  const claims = await inOneRush(ground, { couponId, atLeast: cap + 1 }, () =>
    Promise.all(ready.map((claim) => claim())),
  );
  await untilNobodyAsks(ground, couponId);
  const held = await holders(ground, couponId);
  const winners = claims.filter(({ account }) => held.some((one) => one.account === account));
  const purchases = await Promise.all(
    winners.map((winner) =>
      pay(ground, winner, held.find(({ account }) => account === winner.account)?.checkout ?? ''),
    ),
  );
  const violations = [
    ...claims
      .filter(({ answer }) => !isExpected(answer))
      .map(({ answer }) => violation('lost', `a claim was answered ${answer}`)),
    ...exactly(`uses held of a cap of ${String(cap)}`, held.length, cap),
    ...(await judgeMany(ground, purchases, null)),
    ...(await redemptions(ground, { couponId, code, cap })),
  ];
  const what = `cap ${String(cap)}, ${String(CLAIMS)} claims over ${String(ground.gatewayUrls.length)} gateways`;
  return tell({ id: 'F15', what, seed: options.seed, injected: CLAIMS }, violations, options.say);
};

/**
 * Keeps the coupon's row until more claims wait for it than its cap has room for. They have all read that there is
 * room; however fast or slow the machine, they take it at the same moment.
 */
const inOneRush = async <Result>(
  { facts, truths }: FaultGround,
  { couponId, atLeast }: { readonly couponId: string; readonly atLeast: number },
  claim: () => Promise<Result>,
): Promise<Result> => {
  const database = databaseNameOf('catalog', facts.databasePrefix);
  const keeper = new pg.Client({ connectionString: withDatabase(facts.adminUrl, database) });
  await keeper.connect();
  const letGo = async (): Promise<void> => {
    await until('claims in a line', () => truths.rows('catalog', WAITING), {
      enough: ({ length }) => length >= atLeast,
      deadlineMs: ENDS_WITHIN_MS,
      everyMs: 20,
    });
    await keeper.query('COMMIT');
  };
  try {
    await keeper.query('BEGIN');
    await keeper.query('SELECT 1 FROM coupons WHERE id = $1 FOR NO KEY UPDATE', [couponId]);
    const [result] = await Promise.all([claim(), letGo()]);
    return result;
  } finally {
    await keeper.end();
  }
};

const WAITING =
  "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'";

/** Resolves when the coupon can be used at a checkout. */
export const issueCoupon = async (ground: FaultGround, code: string, cap: number): Promise<string> => {
  const { couponId } = await makeCall(ground.facts.gatewayUrl)(CreateCoupon, {
    token: ground.financeToken,
    idempotencyKey: randomUUID(),
    body: {
      code,
      discount: { kind: 'percentage', ratePpm: 250_000 },
      duration: { kind: 'once' },
      capTotal: cap,
      capPerAccount: null,
      expiresAt: null,
      planIds: [],
      currencies: [],
    },
  });
  await until(
    'the coupon to be known where it is used',
    () => ground.truths.rows('subscription', 'SELECT 1 FROM coupons WHERE coupon_id = $1', [couponId]),
    { enough: ({ length }) => length === 1, deadlineMs: ENDS_WITHIN_MS, everyMs: 50 },
  );
  return couponId;
};

const prepareClaim = async (
  ground: FaultGround,
  { code, planId }: { readonly code: string; readonly planId: string },
  index: number,
): Promise<() => Promise<Claim>> => {
  const account = newAccount();
  const token = await ground.shopper.customerToken(account);
  const wish = {
    token,
    idempotencyKey: randomUUID(),
    body: {
      planId,
      interval: 'month',
      currency: WISH.currency,
      coupon: code,
      successUrl: 'https://shop.example/return',
      cancelUrl: 'https://shop.example/cancelled',
    },
  };
  const call = makeCall(must(ground.gatewayUrls[index % ground.gatewayUrls.length], 'a gateway'));
  const ask = (): Promise<string> =>
    call(CreateCheckoutSession, wish).then(
      ({ id }) => id,
      (error: unknown) => (error instanceof ApiProblem ? `${String(error.status)} ${error.code}` : String(error)),
    );
  return async () => {
    // Too busy is no answer: a person sends the same again.
    const answer = await until('an answer', ask, {
      enough: (said) => !said.startsWith('503') && said !== '409 platform.idempotency_in_progress',
      deadlineMs: ENDS_WITHIN_MS,
      everyMs: 500,
    });
    return { account, token, answer };
  };
};

/** A checkout (still opening or open), or the one refusal there is for who comes too late. */
const isExpected = (answer: string): boolean =>
  answer.startsWith('chk_') || answer === '422 subscription.coupon_exhausted';

const untilNobodyAsks = async ({ truths }: FaultGround, couponId: string): Promise<void> => {
  const sql = "SELECT 1 FROM coupon_claims WHERE coupon_id = $1 AND status = 'asked'";
  await until('every claim to be answered', () => truths.rows('subscription', sql, [couponId]), {
    enough: ({ length }) => length === 0,
    deadlineMs: ENDS_WITHIN_MS,
    everyMs: 100,
  });
};

interface Holder {
  readonly account: string;
  readonly checkout: string;
}

const holders = ({ truths }: FaultGround, couponId: string): Promise<readonly Holder[]> =>
  truths.rows<{ account: string; checkout: string }>(
    'catalog',
    "SELECT account_id AS account, checkout_id AS checkout FROM coupon_claims WHERE coupon_id = $1 AND status <> 'released'",
    [couponId],
  );

const pay = async ({ shopper }: FaultGround, { account, token }: Claim, checkoutId: string): Promise<Purchase> => {
  const open = await until('the payment page', () => shopper.checkoutSession(token, checkoutId), {
    enough: ({ payUrl }) => payUrl !== null,
    deadlineMs: ENDS_WITHIN_MS,
    everyMs: 100,
  });
  await shopper.pay(must(open.payUrl, 'pay url'), CARDS.succeeds);
  return { account, checkoutId };
};

/** I8 of this coupon: redemptions = min(cap, claims) = paid invoices that carry it. */
export const redemptions = async (
  { truths }: FaultGround,
  { couponId, code, cap }: { readonly couponId: string; readonly code: string; readonly cap: number },
): Promise<readonly Violation[]> => {
  const confirmed = await until(
    'every redemption',
    () =>
      truths.rows('catalog', "SELECT 1 FROM coupon_claims WHERE coupon_id = $1 AND status = 'confirmed'", [couponId]),
    { enough: ({ length }) => length >= cap, deadlineMs: ENDS_WITHIN_MS, everyMs: 100 },
  );
  const invoices = await truths.rows(
    'invoicing',
    `SELECT DISTINCT i.id FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id
     WHERE i.status = 'paid' AND l.unit_price_minor < 0 AND l.description LIKE '%' || $1`,
    [code],
  );
  return [
    ...exactly(`redemptions of ${code}`, confirmed.length, cap),
    ...exactly(`paid invoices that carry ${code}`, invoices.length, cap),
  ];
};

const exactly = (what: string, got: number, wanted: number): readonly Violation[] =>
  got === wanted ? [] : [violation(got < wanted ? 'lost' : 'doubled', `${String(got)} of ${String(wanted)} ${what}`)];

const violation = (harm: Violation['harm'], what: string): Violation => ({ invariant: 'I8', harm, what });

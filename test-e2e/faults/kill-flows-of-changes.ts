import { randomUUID } from 'node:crypto';

import { ChangeSubscription, PreviewPlanMove, StartPlanMove } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { CARDS, type StoringService, until, type Wish } from '@quittance/local';

import { capturedCharges } from './captured-charges.ts';
import { type FaultGround } from './fault-ground.ts';
import { type Violation } from './fault.ts';
import { type BeginFlow, modelOf } from './kill-flow.ts';
import { onceJudged, moveClockPast, soonDue } from './kill-flows-of-renewals.ts';
import { buy, exactly, newAccount, PATIENTLY, payPageOf, planIdOf, WISH } from './purchase.ts';
import { fallDue } from './renewing.ts';
import { strikeOnce } from './strike-once.ts';

/** 10.00 and 20.00 a month. */
const BASIC: Wish = { product: 'assistant', plan: 'basic', interval: 'month', currency: 'USD' };
const STANDARD: Wish = { ...BASIC, plan: 'standard' };

/** From Basic to Standard at once, paid for on the provider's page. */
const upgrade: BeginFlow = async (ground) => {
  const { account } = await buy(ground, newAccount(), BASIC);
  return async () => {
    const { checkout, token } = await changeTo(ground, account, STANDARD);
    const { id } = must(checkout, 'a checkout for the change');
    await ground.shopper.pay(await payPageOf(ground, token, id), CARDS.succeeds);
    return onceJudged(() => judgeUpgrade(ground, account));
  };
};

const judgeUpgrade = async (ground: FaultGround, account: string): Promise<readonly Violation[]> => [
  ...exactly('charges of a purchase and its upgrade', (await capturedCharges(ground.truths, account)).length, 2),
  ...(await counted(ground, { what: 'upgrade invoice that is paid', of: UPGRADE_INVOICE, value: account })),
  ...(await counted(ground, { what: 'subscription on Standard', of: on('standard'), value: account })),
  ...(await counted(ground, { what: 'upgrade that is applied', of: applied('upgrade'), value: account })),
];

const UPGRADE_INVOICE = [
  'invoicing',
  "SELECT 1 FROM invoices WHERE account_id = $1 AND kind = 'plan_change' AND status = 'paid'",
] as const;

/** From Standard to Basic at the end of the period, which then comes: nothing is charged for it. */
const downgrade: BeginFlow = async (ground) => {
  const run = await soonDue(ground, await modelOf(ground, STANDARD), 1);
  const account = `acc_${run.name}1`;
  return async () => {
    const { checkout } = await changeTo(ground, account, BASIC);
    await moveClockPast(ground, run);
    const judged = await onceJudged(async () => [
      ...exactly('charges of a downgrade', (await capturedCharges(ground.truths, account)).length, 0),
      ...(await counted(ground, { what: 'subscription on Basic', of: on('basic'), value: account })),
      ...(await counted(ground, { what: 'downgrade that is applied', of: applied('downgrade'), value: account })),
    ]);
    return [...exactly('checkouts of a downgrade', checkout === null ? 0 : 1, 0), ...judged];
  };
};

/** Sent with one key until it is answered, as a browser would. */
const changeTo = async ({ shopper, truths }: FaultGround, account: string, wish: Wish) => {
  const token = await shopper.customerToken(account);
  const [subscription] = await truths.rows<{ id: string }>(
    'subscription',
    "SELECT id FROM subscriptions WHERE account_id = $1 AND status = 'active'",
    [account],
  );
  const asked = {
    token,
    params: { id: must(subscription, `subscription of ${account}`).id },
    body: {
      planId: await planIdOf(shopper, wish),
      successUrl: 'https://shop.example/return',
      cancelUrl: 'https://shop.example/cancelled',
    },
    idempotencyKey: randomUUID(),
  };
  const answer = await until('the change', () => shopper.call(ChangeSubscription, asked).catch(() => null), {
    ...PATIENTLY,
    enough: (said) => said !== null,
  });
  return { ...must(answer, 'the change'), token };
};

const MOVED = 2;

/** A move takes effect when a period ends: none of these ends while processes die. */
const NOT_SOON_MS = 300 * 24 * 60 * 60 * 1000;

/** An operator moves subscribers to the newest version of their plan, row by row. */
const planMove: BeginFlow = async (ground) => {
  const { shopper, truths, financeToken: token } = ground;
  const name = `k${randomUUID().slice(0, 8)}n`;
  const model = await modelOf(ground, WISH);
  const run = await fallDue(ground, { model, name, count: MOVED, dueInMs: NOT_SOON_MS });
  await truths.rows('subscription', OLDER_VERSION);
  await truths.rows('subscription', BE_OLDER, [`acc_${run.name}%`]);
  const params = { id: await shopper.planId(WISH) };
  const { move } = await shopper.call(PreviewPlanMove, { token, params, query: {} });
  const asked = { token, params, body: { quote: move.id }, idempotencyKey: randomUUID() };
  return async () => {
    await until('the move', () => shopper.call(StartPlanMove, asked).catch(() => null), {
      ...PATIENTLY,
      enough: (said) => said !== null,
    });
    return onceJudged(async () => [
      ...(await counted(ground, { what: 'rows that are moved', of: MOVED_ROWS, value: move.id, wanted: MOVED })),
      ...(await counted(ground, {
        what: 'changes to the newest version',
        of: CHANGES,
        value: `acc_${run.name}%`,
        wanted: MOVED,
      })),
      ...(await counted(ground, { what: 'move that is done', of: DONE, value: move.id })),
    ]);
  };
};

const OLDER = "'plv_01' || repeat('0', 24)";

/** The version that is sold now, as it was sold before under another id. */
const OLDER_VERSION = `
  INSERT INTO plan_versions
  SELECT (jsonb_populate_record(null::plan_versions, to_jsonb(p) || jsonb_build_object(
    'plan_version_id', ${OLDER}, 'message_version', 0))).*
  FROM (SELECT * FROM plan_versions WHERE product_key = '${WISH.product}' AND key = '${WISH.plan}' LIMIT 1) AS p
  ON CONFLICT DO NOTHING`;
const BE_OLDER = `
  UPDATE subscriptions SET plan_version_id = ${OLDER}, items = replace(items::text, plan_version_id, ${OLDER})::jsonb
  WHERE account_id LIKE $1`;
const MOVED_ROWS = ['subscription', "SELECT 1 FROM plan_move_rows WHERE move_id = $1 AND status = 'moved'"] as const;
const CHANGES = [
  'subscription',
  "SELECT 1 FROM subscription_changes WHERE account_id LIKE $1 AND kind = 'version_move' AND status = 'scheduled'",
] as const;
const DONE = ['subscription', "SELECT 1 FROM plan_moves WHERE id = $1 AND status = 'done'"] as const;

const on = (plan: string) =>
  [
    'subscription',
    `SELECT 1 FROM subscriptions WHERE account_id = $1 AND status = 'active' AND plan_key = '${plan}'`,
  ] as const;

const applied = (kind: string) =>
  [
    'subscription',
    `SELECT 1 FROM subscription_changes WHERE account_id = $1 AND kind = '${kind}' AND status = 'applied'`,
  ] as const;

interface Count {
  readonly what: string;
  readonly of: readonly [StoringService, sql: string];
  readonly value: string;
  /** Default one. */
  readonly wanted?: number;
}

const counted = async ({ truths }: FaultGround, { what, of, value, wanted = 1 }: Count) =>
  exactly(what, (await truths.rows(...of, [value])).length, wanted);

/** Somebody else changed the subscription after it was read: its row is given back, and found by the next claim. */
const lostMove: BeginFlow = async (ground, aim) => {
  const move = await planMove(ground, aim);
  return async () => {
    const undo = await strikeOnce(ground.facts, {
      service: 'subscription',
      table: 'subscriptions',
      when: "OLD.due_kind = 'renewal' AND NEW.due_kind = 'change'",
      strikes: 1,
      how: 'as if another had been faster',
    });
    try {
      return await move();
    } finally {
      await undo();
    }
  };
};

export const changeFlows = { upgrade, downgrade, plan_move: planMove, lost_move: lostMove };

import { randomUUID } from 'node:crypto';

import { ChangeSubscription } from '@quittance/contracts';
import { ApiProblem, until } from '@quittance/local';

import { issueCoupon, redemptions } from './f15-coupon-at-its-cap.ts';
import { type FaultGround } from './fault-ground.ts';
import { type BeginFlow } from './kill-flow.ts';
import { judgeMany } from './many-purchases.ts';
import { buy, exactly, judge, newAccount, openCheckout, PATIENTLY, planIdOf, WISH } from './purchase.ts';

const purchase: BeginFlow = async (ground) => async () => judge(ground, await buy(ground));

/** The customer begins anew with another interval: the first order is closed at the provider, the second is paid. */
const superseded: BeginFlow = async (ground) => async () => {
  const account = newAccount();
  const first = await openCheckout(ground, account);
  const paid = await buy(ground, account, { ...WISH, interval: 'year' });
  const closed = await until('the first order to be closed', () => closedOrders(ground, first.checkoutId), {
    ...PATIENTLY,
    enough: ({ ours, theirs }) => ours === 1 && theirs === 1,
  });
  return [
    ...exactly('superseded order that is closed', closed.ours, 1),
    ...exactly('superseded session that is closed', closed.theirs, 1),
    // The tenth record says which checkout it replaced.
    ...(await judge(ground, paid, 1)),
  ];
};

const closedOrders = async ({ truths }: FaultGround, checkoutId: string) => {
  const orders = await truths.rows<{ reference: string | null }>(
    'payments-card',
    "SELECT provider_reference AS reference FROM orders WHERE checkout_id = $1 AND state = 'expired'",
    [checkoutId],
  );
  const { sessions } = await truths.books();
  const closed = new Set(orders.map(({ reference }) => reference));
  return {
    ours: orders.length,
    theirs: sessions.filter(({ id, status }) => closed.has(id) && status === 'expired').length,
  };
};

/** A coupon that one person may use once: it is reserved, taken off the invoice, and redeemed. */
const coupon: BeginFlow = async (ground) => {
  const code = `KILL-${randomUUID().slice(0, 8).toUpperCase()}`;
  const couponId = await issueCoupon(ground, code, 1);
  return async () => {
    const paid = await buy(ground, newAccount(), { ...WISH, coupon: code });
    return [...(await judgeMany(ground, [paid], null)), ...(await redemptions(ground, { couponId, code, cap: 1 }))];
  };
};

const NO_SUBSCRIPTION = `sub_01${'0'.repeat(24)}`;

/** Somebody changes a subscription that there is not: told so however often they ask, and nothing is left of it. */
const mistaken: BeginFlow = async (ground) => async () => {
  const { shopper, truths } = ground;
  const account = newAccount();
  const wish = {
    token: await shopper.customerToken(account),
    params: { id: NO_SUBSCRIPTION },
    body: {
      planId: await planIdOf(shopper, WISH),
      successUrl: 'https://shop.example/return',
      cancelUrl: 'https://shop.example/cancelled',
    },
    idempotencyKey: randomUUID(),
  };
  const ask = (): Promise<number> =>
    shopper.call(ChangeSubscription, wish).then(
      () => 200,
      (error: unknown) => (error instanceof ApiProblem ? error.status : 0),
    );
  const ended = (status: number): boolean => status >= 200 && status < 500 && status !== 409;
  const answers: number[] = [];
  for (let asked = 0; asked < 2; asked += 1) {
    answers.push(await until('an answer', ask, { ...PATIENTLY, enough: ended }));
  }
  const changes = await truths.rows('subscription', 'SELECT 1 FROM subscription_changes WHERE account_id = $1', [
    account,
  ]);
  return [
    ...exactly('answers that there is no such subscription', answers.filter((status) => status === 404).length, 2),
    ...exactly('changes of what there is not', changes.length, 0),
  ];
};

export const purchaseFlows = { purchase, superseded, coupon, mistaken };

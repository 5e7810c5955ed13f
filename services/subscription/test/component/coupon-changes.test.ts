import {
  ApiPlannedChange,
  CouponChanged,
  CouponReserved,
  InvoiceDrafted,
  InvoicePaid,
  OpenInvoice,
  OrderOpened,
} from '@quittance/contracts';
import { type AccountId, type Id, isId, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { type z } from 'zod';

import { invoiceDrafted, invoicePaid, orderOpened, PRO } from '../fixtures.ts';
import {
  anAccount,
  customer,
  LITE,
  lite,
  type RunningSubscription,
  startSubscription,
} from '../running-subscription.ts';

const COUPON = 'cpn_01j8zq4m7e8b2c3d4f5g6h7k01';
const URLS = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };

type Requested = z.output<typeof OpenInvoice.data>;

describe('a coupon over the changes of its subscription', () => {
  let suite: RunningSubscription;

  before(async () => {
    suite = await startSubscription([lite]);
  });
  after(() => suite.stop());

  const issue = async (change: Partial<z.infer<typeof CouponChanged.data>>) => {
    const data: z.infer<typeof CouponChanged.data> = {
      couponId: COUPON,
      code: 'ALLOFIT',
      discount: { kind: 'percentage', ratePpm: 1_000_000 },
      duration: { kind: 'forever' },
      status: 'active',
      exhausted: false,
      expiresAt: null,
      planIds: [LITE.planId],
      currencies: [],
      ...change,
    };
    await suite.ground.handled(await suite.ground.send(CouponChanged, { version: 1, data }));
  };

  const commandOf = (type: string, account: AccountId, nth = 0) =>
    waitFor(
      async () => (await suite.ground.sent(type)).filter(({ data }) => data['accountId'] === account)[nth] ?? null,
      { what: type },
    );

  const held = async (account: AccountId) => {
    const { data } = await commandOf('catalog.reserve-coupon', account);
    const checkoutId = must(isId('chk', data['checkoutId']) ? data['checkoutId'] : null, 'a checkout');
    await suite.ground.handled(await suite.ground.send(CouponReserved, { data: { checkoutId, couponId: COUPON } }));
  };

  /** The invoice as it was asked for, paid. */
  const pay = async (account: AccountId, { checkoutId, subscriptionId, lines, ...asked }: Requested) => {
    const facts = { checkoutId: must(checkoutId, 'a checkout'), subscriptionId, accountId: account };
    const { kind, changeId, period } = asked;
    const [blank] = invoicePaid(facts).lines;
    const priced = lines.map(({ description, quantity, unitPrice }) => ({
      ...must(blank, 'a line'),
      description,
      quantity,
      unitPrice,
    }));
    const said = { kind, changeId, period, lines: priced };
    await suite.ground.handled(
      await suite.ground.send(InvoiceDrafted, { data: { ...invoiceDrafted(facts), ...said } }),
    );
    await suite.ground.handled(await suite.ground.send(OrderOpened, { data: orderOpened(facts) }));
    await suite.ground.handled(await suite.ground.send(InvoicePaid, { data: { ...invoicePaid(facts), ...said } }));
  };

  const requested = async (account: AccountId, nth: number) =>
    OpenInvoice.data.parse((await commandOf(OpenInvoice.type, account, nth)).data);

  /** Buys Lite with it, and pays what is left. */
  const bought = async (account: AccountId): Promise<Id<'sub'>> => {
    const body = { planId: LITE.planId, interval: 'month', currency: 'USD', coupon: 'ALLOFIT', ...URLS };
    const asked = suite.ask('/v1/checkout-sessions', { as: customer(account), body });
    await held(account);
    const invoice = await requested(account, 0);
    await pay(account, invoice);
    await asked;
    return invoice.subscriptionId;
  };

  it('ends with an upgrade to a plan it is not for: the preview says so, and the next charge is whole', async () => {
    await issue({});
    const account = anAccount();
    const id = await bought(account);
    expect((await suite.read(account, id)).nextCharge?.amount.amount, 'Lite is free while it lasts').to.equal(0);
    const wish = { planId: PRO.planId };

    const planned = await suite.ask(`/internal/subscriptions/${id}/plan-change`, { as: customer(account), body: wish });
    const asked = suite.ask(`/v1/subscriptions/${id}/change`, { as: customer(account), body: { ...wish, ...URLS } });
    await pay(account, await requested(account, 1));
    await asked;

    const preview = ApiPlannedChange.parse(planned.body);
    expect(preview.coupon).to.deep.equal({ code: 'ALLOFIT', cyclesLeft: 0, ends: 'plan_not_covered' });
    // 99.00 of Pro, and nothing off it
    expect(preview.nextLines.map(({ unitPrice }) => unitPrice.amount)).to.deep.equal([9900]);
    const after = await suite.read(account, id);
    expect(after.planKey).to.equal('pro');
    // 99.00 + 20 %
    expect(after.nextCharge?.amount.amount).to.equal(11_880);
    const { rowCount } = await suite.ground.owner.query(
      'SELECT 1 FROM subscription_coupons WHERE subscription_id = $1',
      [id],
    );
    expect(rowCount).to.equal(0);
    expect(await suite.ground.audited()).to.include('subscription.coupon_ended');
  });
});

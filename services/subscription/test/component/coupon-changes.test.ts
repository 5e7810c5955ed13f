import {
  ApiPlannedChange,
  ApiSubscription,
  CouponChanged,
  CouponRefused,
  CouponReserved,
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  OpenInvoice,
  OrderOpened,
} from '@quittance/contracts';
import { type AccountId, type Id, isId, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { type z } from 'zod';

import { invoiceDrafted, invoicePaid, invoiceVoided, orderOpened, PRO } from '../fixtures.ts';
import { anAccount, codeOf, customer, LITE, lite, OPERATOR, subscriptionFor } from '../running-subscription.ts';

const COUPON = 'cpn_01j8zq4m7e8b2c3d4f5g6h7k01';
const THRICE = 'cpn_01j8zq4m7e8b2c3d4f5g6h7k02';
const QUARTER = { kind: 'percentage', ratePpm: 250_000 } as const;
const URLS = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };

type Requested = z.output<typeof OpenInvoice.data>;

describe('a coupon over the changes of its subscription', () => {
  const suite = subscriptionFor([lite]);
  before(async () => {
    await issue(1, {});
    await issue(2, { couponId: THRICE, code: 'THRICE', discount: QUARTER, duration: { kind: 'cycles', cycles: 3 } });
  });

  const issue = async (version: number, change: Partial<z.infer<typeof CouponChanged.data>>) => {
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
    await suite.ground.handled(await suite.ground.send(CouponChanged, { version, data }));
  };

  const urls = (wish: object) => ({ ...wish, ...URLS });

  const commandOf = (type: string, account: AccountId, nth = 0) =>
    waitFor(
      async () => (await suite.ground.sent(type)).filter(({ data }) => data['accountId'] === account)[nth] ?? null,
      { what: type },
    );

  const reservation = async (account: AccountId) => {
    const { data } = await commandOf('catalog.reserve-coupon', account);
    return must(isId('chk', data['checkoutId']) ? data['checkoutId'] : null, 'a checkout');
  };

  const held = async (account: AccountId) => {
    const checkoutId = await reservation(account);
    await suite.ground.handled(await suite.ground.send(CouponReserved, { data: { checkoutId, couponId: COUPON } }));
    return checkoutId;
  };

  const refuse = async (checkoutId: Id<'chk'>) => {
    const data = { checkoutId, couponId: COUPON, reason: 'exhausted' } as const;
    await suite.ground.handled(await suite.ground.send(CouponRefused, { data }));
  };

  const releasesOf = async (checkoutId: Id<'chk'>) =>
    (await suite.ground.sent('catalog.release-coupon')).filter(({ data }) => data['checkoutId'] === checkoutId);

  const onTrial = async (account: AccountId): Promise<Id<'sub'>> => {
    const body = { planId: LITE.planId, interval: 'month', currency: 'USD' };
    return ApiSubscription.parse((await suite.ask('/v1/trials', { as: customer(account), body })).body).id;
  };

  const convert = (account: AccountId, id: Id<'sub'>, wish: object) =>
    suite.ask(`/v1/subscriptions/${id}/change`, { as: customer(account), body: urls(wish) });

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
    const account = anAccount();
    const id = await bought(account);
    expect((await suite.read(account, id)).nextCharge?.amount.amount, 'Lite is free while it lasts').to.equal(0);
    const wish = { planId: PRO.planId };

    const planned = await suite.ask(`/internal/subscriptions/${id}/plan-change`, { as: customer(account), body: wish });
    const asked = suite.ask(`/v1/subscriptions/${id}/change`, { as: customer(account), body: { ...wish, ...URLS } });
    await pay(account, await requested(account, 1));
    await asked;

    const preview = ApiPlannedChange.parse(planned.body);
    expect(preview.coupon).to.deep.equal({ code: 'ALLOFIT', cyclesLeft: 0, ends: 'plan_not_covered', replaces: null });
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

  it('pays for a trial with one: what the preview says is invoiced once a use is held, and confirmed when paid', async () => {
    const account = anAccount();
    const id = await onTrial(account);
    const wish = { coupon: 'thrice' };
    const planned = await suite.ask(`/internal/subscriptions/${id}/plan-change`, { as: customer(account), body: wish });
    const preview = ApiPlannedChange.parse(planned.body);

    const asked = convert(account, id, { ...wish, quote: preview.quote });
    await reservation(account);
    const early = (await suite.ground.sent(OpenInvoice.type)).filter(({ data }) => data['accountId'] === account);
    await held(account);
    const invoice = await requested(account, 0);
    await pay(account, invoice);
    await asked;

    expect(early).to.deep.equal([]);
    expect(invoice.lines).to.deep.equal(preview.lines);
    // 49.00 × 0.25 = 12.25
    expect(preview.lines.map(({ unitPrice }) => unitPrice.amount)).to.deep.equal([4900, -1225]);
    expect(preview.coupon).to.deep.equal({ code: 'THRICE', cyclesLeft: 2, ends: null, replaces: null });
    const { data } = await commandOf('catalog.confirm-coupon', account);
    expect(data['discount']).to.deep.equal({ amount: 1225, currency: 'USD' });
    const after = await suite.read(account, id);
    expect(after.status).to.equal('active');
    // (49.00 − 12.25) + 20 %
    expect(after.nextCharge?.amount.amount).to.equal(4410);
    const { rows } = await suite.ground.owner.query(
      'SELECT code, cycles_left FROM subscription_coupons WHERE subscription_id = $1',
      [id],
    );
    expect(rows).to.deep.equal([{ code: 'THRICE', cycles_left: 2 }]);
  });

  it('lets one of a checkout and a conversion have the last use, and tells the other', async () => {
    const [buyer, trying] = [anAccount(), anAccount()];
    const id = await onTrial(trying);
    const wish = urls({ planId: LITE.planId, interval: 'month', currency: 'USD', coupon: 'THRICE' });

    const checkout = suite.ask('/v1/checkout-sessions', { as: customer(buyer), body: wish });
    const conversion = convert(trying, id, { coupon: 'THRICE' });
    await held(buyer);
    await refuse(await reservation(trying));
    const refused = await conversion;

    expect([refused.status, codeOf(refused)]).to.deep.equal([422, 'subscription.coupon_exhausted']);
    expect((await suite.read(trying, id)).status).to.equal('trialing');
    const changes = await suite.ask(`/v1/subscriptions/${id}/changes`, { as: customer(trying) });
    expect(JSON.stringify(changes.body)).to.include('"status":"lapsed"');
    await pay(buyer, await requested(buyer, 0));
    expect((await checkout).status).to.equal(201);
    const asked = (await suite.ground.sent(OpenInvoice.type)).filter(({ data }) => data['accountId'] === trying);
    expect(asked).to.deep.equal([]);
  });

  for (const [what, end] of [
    ['is not paid', (account: AccountId, facts: Parameters<typeof invoiceVoided>[0]) => voided(account, facts)],
    [
      'gives way to a newer wish',
      (account: AccountId, { subscriptionId }: { subscriptionId: Id<'sub'> }) => newer(account, subscriptionId),
    ],
    [
      'ends with its trial',
      (account: AccountId, { subscriptionId }: { subscriptionId: Id<'sub'> }) => cancelled(account, subscriptionId),
    ],
  ] as const) {
    it(`gives the use back when the conversion ${what}, once`, async () => {
      const account = anAccount();
      const subscriptionId = await onTrial(account);
      void convert(account, subscriptionId, { coupon: 'THRICE' });
      const checkoutId = await held(account);
      await requested(account, 0);

      await end(account, { checkoutId, subscriptionId, accountId: account });

      await waitFor(async () => ((await releasesOf(checkoutId)).length > 0 ? true : null), { what: 'the release' });
      expect(await releasesOf(checkoutId)).to.have.lengthOf(1);
    });
  }

  const voided = async (_account: AccountId, facts: Parameters<typeof invoiceVoided>[0]) => {
    await suite.ground.handled(await suite.ground.send(InvoiceVoided, { data: invoiceVoided(facts) }));
  };
  const newer = async (account: AccountId, id: Id<'sub'>) => {
    void convert(account, id, { quantity: 2 });
    await requested(account, 1);
  };
  const cancelled = async (account: AccountId, id: Id<'sub'>) => {
    await suite.ask(`/v1/subscriptions/${id}/cancel`, { as: customer(account), body: { when: 'now' } });
  };

  it('refuses what is known to be of no use here before anything is created', async () => {
    const account = anAccount();
    const id = await onTrial(account);

    expect(codeOf(await convert(account, id, { coupon: 'NOBODYS' }))).to.equal('subscription.coupon_unknown');
    expect(codeOf(await convert(account, id, { planId: PRO.planId, coupon: 'THRICE' }))).to.equal(
      'subscription.coupon_not_for_plan',
    );
    const sale = urls({ accountId: anAccount(), planId: LITE.planId, currency: 'USD', coupon: 'THRICE', trial: true });
    expect(codeOf(await suite.ask('/v1/subscriptions', { as: OPERATOR, body: sale }))).to.equal(
      'subscription.coupon_takes_nothing',
    );
    const { rowCount } = await suite.ground.owner.query('SELECT 1 FROM subscription_changes WHERE account_id = $1', [
      account,
    ]);
    expect(rowCount).to.equal(0);
  });

  it('is taken off what an operator sells', async () => {
    const account = anAccount();
    const sale = urls({ accountId: account, planId: LITE.planId, currency: 'USD', coupon: 'THRICE', quantity: 2 });

    const asked = suite.ask('/v1/subscriptions', { as: OPERATOR, body: sale });
    await held(account);
    const invoice = await requested(account, 0);
    await pay(account, invoice);

    expect((await asked).status).to.equal(201);
    // 2 × 49.00 × 0.25 = 24.50
    expect(invoice.lines.map(({ quantity, unitPrice }) => quantity * unitPrice.amount)).to.deep.equal([9800, -2450]);
  });
});

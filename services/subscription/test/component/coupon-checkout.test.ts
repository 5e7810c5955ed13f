import { randomUUID } from 'node:crypto';

import {
  CouponChanged,
  CouponRefused,
  CouponReserved,
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  OpenInvoice,
  OrderOpened,
  PlanPublished,
} from '@quittance/contracts';
import { type AccountId, isAccountId, isId, must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround, waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { buildService, subscriptionConfig } from '../../src/service.ts';
import { invoiceDrafted, invoicePaid, invoiceVoided, orderOpened, planPublished, PRO } from '../fixtures.ts';

const COUPON = 'cpn_01j8zq4m7e8b2c3d4f5g6h7k01';
const Answer = z.object({ status: z.union([z.string(), z.number()]).optional(), code: z.string().optional() });

describe('checkout with a coupon', () => {
  let ground: ServiceGround;
  let service: RunningService;

  before(async () => {
    ground = await makeServiceGround('subscription');
    const config = loadConfig(subscriptionConfig, { ...ground.env, BEAT_INTERVAL_MS: '60000' });
    service = buildService({ ...ground, config });
    await service.start();
    await ground.handled(await ground.send(PlanPublished, { version: 1, data: planPublished() }));
    await tell(1, {});
  });

  after(async () => {
    await service.stop();
    await ground.end();
  });

  const tell = async (version: number, change: Partial<z.infer<typeof CouponChanged.data>>): Promise<void> => {
    const data: z.infer<typeof CouponChanged.data> = {
      couponId: COUPON,
      code: 'QUARTER',
      discount: { kind: 'percentage', ratePpm: 250_000 },
      duration: { kind: 'cycles', cycles: 3 },
      status: 'active',
      exhausted: false,
      expiresAt: null,
      planIds: [],
      currencies: [],
      ...change,
    };
    await ground.handled(await ground.send(CouponChanged, { version, data }));
  };

  const buy = async (account: AccountId, coupon: string | null, key: string = randomUUID()) => {
    const token = await ground.tokenFor({ account, permissions: ['own.read', 'own.write'] });
    const response = await fetch(`http://127.0.0.1:${String(service.port())}/v1/checkout-sessions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        planId: PRO.planId,
        interval: 'month',
        currency: 'USD',
        successUrl: 'https://shop.example/ok',
        cancelUrl: 'https://shop.example/no',
        ...(coupon === null ? {} : { coupon }),
      }),
    });
    return { http: response.status, answer: Answer.parse(await response.json()) };
  };

  const anAccount = (): AccountId => must([`acc_${randomUUID().slice(0, 12)}`].find(isAccountId), 'an account');

  const commandOf = (type: string, account: AccountId) =>
    waitFor(async () => (await ground.sent(type)).find(({ data }) => data['accountId'] === account) ?? null, {
      what: type,
    });

  /** Asks to buy and answers what catalog was asked for. */
  const asked = async (account: AccountId, coupon = 'quarter') => {
    const answer = buy(account, coupon);
    const { data } = await commandOf('catalog.reserve-coupon', account);
    const checkoutId = must(isId('chk', data['checkoutId']) ? data['checkoutId'] : null, 'a checkout');
    return { answer, checkoutId };
  };

  const held = async (account: AccountId) => {
    const { answer, checkoutId } = await asked(account);
    await ground.handled(await ground.send(CouponReserved, { data: { checkoutId, couponId: COUPON } }));
    const command = await commandOf(OpenInvoice.type, account);
    const request = OpenInvoice.data.parse(command.data);
    return {
      answer,
      checkoutId,
      request,
      sale: { checkoutId, subscriptionId: request.subscriptionId, accountId: account },
    };
  };

  it('asks for an invoice only once the use is held, with the discount as a line of its own', async () => {
    const account = anAccount();
    const { answer, checkoutId } = await asked(account);
    const before = (await ground.sent(OpenInvoice.type)).filter(({ data }) => data['accountId'] === account);
    expect(before).to.deep.equal([]);

    await ground.handled(await ground.send(CouponReserved, { data: { checkoutId, couponId: COUPON } }));

    const { lines, subscriptionId } = OpenInvoice.data.parse((await commandOf(OpenInvoice.type, account)).data);
    // 9900 × 0.25 = 2475
    expect(lines.map(({ description, unitPrice }) => [description, unitPrice.amount])).to.deep.equal([
      ['Pro', 9900],
      ['Pro – QUARTER', -2475],
    ]);
    const sale = { checkoutId, subscriptionId, accountId: account };
    await ground.send(InvoiceDrafted, { data: invoiceDrafted(sale) });
    await ground.send(OrderOpened, { data: orderOpened(sale) });
    expect((await answer).http).to.equal(201);
  });

  it('takes a code as people copy it', async () => {
    for (const copied of ['QUARTER', 'quarter', ' Quarter ', '\tquarter\n']) {
      const { answer, checkoutId } = await asked(anAccount(), copied);
      const data = { checkoutId, couponId: COUPON, reason: 'exhausted' } as const;
      await ground.handled(await ground.send(CouponRefused, { data }));

      // It was known, and only its last use was gone.
      expect((await answer).answer.code, JSON.stringify(copied)).to.equal('subscription.coupon_exhausted');
    }
  });

  it('confirms the use with the paid invoice, and keeps what is left of three cycles', async () => {
    const { sale } = await held(anAccount());

    await ground.handled(await ground.send(InvoicePaid, { data: invoicePaid(sale) }));

    const { data } = await commandOf('catalog.confirm-coupon', sale.accountId);
    expect([data['checkoutId'], data['discount']]).to.deep.equal([sale.checkoutId, { amount: 2475, currency: 'USD' }]);
    const { rows } = await ground.owner.query(
      'SELECT code, cycles_left FROM subscription_coupons WHERE subscription_id = $1',
      [sale.subscriptionId],
    );
    expect(rows).to.deep.equal([{ code: 'QUARTER', cycles_left: 2 }]);
  });

  it('gives the use back when the checkout ends unpaid, once', async () => {
    const { sale } = await held(anAccount());

    for (let times = 0; times < 2; times += 1) {
      await ground.handled(await ground.send(InvoiceVoided, { data: invoiceVoided(sale) }));
    }

    const released = (await ground.sent('catalog.release-coupon')).filter(
      ({ data }) => data['checkoutId'] === sale.checkoutId,
    );
    expect(released).to.have.lengthOf(1);
  });

  it('gives the use back when another wish takes the checkout’s place', async () => {
    const account = anAccount();
    const { checkoutId } = await held(account);

    void buy(account, null);

    const { data } = await commandOf('catalog.release-coupon', account);
    expect(data['checkoutId']).to.equal(checkoutId);
    await waitFor(
      async () =>
        (await ground.sent(OpenInvoice.type)).filter((each) => each.data['accountId'] === account).length === 2,
      {
        what: 'the invoice without a coupon',
      },
    );
  });

  it('tells who lost the race for the last use, and leaves nothing to pay', async () => {
    const account = anAccount();
    const { answer, checkoutId } = await asked(account);

    await ground.handled(
      await ground.send(CouponRefused, { data: { checkoutId, couponId: COUPON, reason: 'exhausted' } }),
    );

    expect(await answer).to.deep.equal({ http: 422, answer: { status: 422, code: 'subscription.coupon_exhausted' } });
    const { rows } = await ground.owner.query('SELECT status, failure_code FROM checkouts WHERE id = $1', [checkoutId]);
    expect(rows).to.deep.equal([{ status: 'failed', failure_code: 'subscription.coupon_exhausted' }]);
    const commands = (await ground.sent(OpenInvoice.type)).filter(({ data }) => data['accountId'] === account);
    expect(commands).to.deep.equal([]);
  });

  it('refuses what is known to be of no use before anything is created', async () => {
    const account = anAccount();
    const codeOf = async (coupon: string) => (await buy(account, coupon)).answer.code;

    expect(await codeOf('NOBODYS')).to.equal('subscription.coupon_unknown');
    for (const [version, change, code] of [
      [2, { exhausted: true }, 'subscription.coupon_exhausted'],
      [3, { expiresAt: '2020-01-01T00:00:00.000Z' }, 'subscription.coupon_expired'],
      [4, { currencies: ['EUR'] }, 'subscription.coupon_not_for_currency'],
      [5, { planIds: ['pln_01j8zq4m7e8b2c3d4f5g6h7k99'] }, 'subscription.coupon_not_for_plan'],
      [6, { status: 'inactive' }, 'subscription.coupon_unknown'],
    ] as const) {
      await tell(version, {
        ...change,
        planIds: [...('planIds' in change ? change.planIds : [])],
        currencies: [...('currencies' in change ? change.currencies : [])],
      });
      expect(await codeOf('QUARTER')).to.equal(code);
    }
    await tell(5, {});
    expect(await codeOf('QUARTER'), 'an older snapshot changes nothing').to.equal('subscription.coupon_unknown');

    const { rowCount } = await ground.owner.query('SELECT 1 FROM checkouts WHERE account_id = $1', [account]);
    expect(rowCount).to.equal(0);
  });
});

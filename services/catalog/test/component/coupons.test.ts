import {
  ConfirmCoupon,
  CouponChanged,
  CouponRefused,
  CouponReserved,
  DeactivateCoupon,
  GetCoupon,
  ListRedemptions,
  ReleaseCoupon,
  ReserveCoupon,
} from '@quittance/contracts';
import { type AccountId, type Id, isAccountId, isId, makeNewId, must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround, waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { catalogConfig } from '../../src/config.ts';
import { buildService } from '../../src/service.ts';

const newId = makeNewId(() => Date.now());
const Problem = z.object({ code: z.string() });

describe('coupons', () => {
  let ground: ServiceGround;
  let replicas: readonly RunningService[];
  let writer: string;
  let plans: readonly Id<'pln'>[];
  let codes = 0;

  before(async () => {
    ground = await makeServiceGround('catalog');
    replicas = [1, 2].map(() => buildService({ ...ground, config: loadConfig(catalogConfig, ground.env) }));
    for (const replica of replicas) await replica.start();
    writer = await ground.tokenFor({ permissions: ['billing.read', 'billing.write'] });
    const { rows } = await ground.owner.query<{ id: string }>('SELECT id FROM plans ORDER BY id LIMIT 2');
    plans = rows.map(({ id }) => id).filter((id) => isId('pln', id));
  });

  after(async () => {
    for (const replica of replicas) await replica.stop();
    await ground.end();
  });

  const ask = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(replicas[0]?.port())}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${writer}`,
        'content-type': 'application/json',
        'idempotency-key': newId('key'),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const issue = async (change: object = {}): Promise<z.infer<typeof GetCoupon.answer>> => {
    codes += 1;
    const terms = {
      code: `CODE-${String(codes)}`,
      discount: { kind: 'percentage', ratePpm: 250_000 },
      duration: { kind: 'once' },
      capTotal: null,
      capPerAccount: null,
      expiresAt: null,
      planIds: [],
      currencies: [],
      ...change,
    };
    const answer = await ask('/v1/coupons', 'POST', terms);
    const body: unknown = await answer.json();
    expect(answer.status, JSON.stringify(body)).to.equal(201);
    return GetCoupon.answer.parse(body);
  };

  const read = async (id: string) => GetCoupon.answer.parse(await (await ask(`/v1/coupons/${id}`)).json());

  const planAt = (index: 0 | 1): Id<'pln'> => must(plans[index], 'a plan of the seed');

  const accountOf = (name: string): AccountId => must([name].find(isAccountId), 'account');

  const reserve = async (
    couponId: Id<'cpn'>,
    wish: { account?: string; planId?: Id<'pln'>; currency?: string } = {},
  ): Promise<Id<'chk'>> => {
    const checkoutId = newId('chk');
    await ground.send(ReserveCoupon, {
      id: `${checkoutId}:reserve-coupon`,
      subject: checkoutId,
      data: {
        checkoutId,
        couponId,
        accountId: accountOf(wish.account ?? 'acc_one'),
        planId: wish.planId ?? planAt(0),
        currency: wish.currency ?? 'USD',
      },
    });
    return checkoutId;
  };

  const answers = async (type: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await ground.sent(type)).map(({ data }) => data);

  /** What each checkout was told: reserved, or why not. */
  const outcomes = async (checkouts: readonly Id<'chk'>[]): Promise<readonly string[]> => {
    for (const checkoutId of checkouts) await ground.handled(`${checkoutId}:reserve-coupon`);
    const told = [...(await answers(CouponReserved.type)), ...(await answers(CouponRefused.type))];
    return checkouts.map((checkoutId) => {
      const own = told.filter((data) => data['checkoutId'] === checkoutId);
      expect(own, checkoutId).to.have.lengthOf(1);
      const reason = own[0]?.['reason'];
      return typeof reason === 'string' ? reason : 'reserved';
    });
  };

  const outcome = async (checkoutId: Id<'chk'>): Promise<string | undefined> => (await outcomes([checkoutId]))[0];

  const end = async (definition: typeof ReleaseCoupon | typeof ConfirmCoupon, data: object, checkoutId: Id<'chk'>) => {
    const id = `${checkoutId}:${definition.type.replace('catalog.', '')}`;
    const common = { checkoutId, accountId: accountOf('acc_one'), ...data };
    await (definition === ReleaseCoupon
      ? ground.send(ReleaseCoupon, { id, data: ReleaseCoupon.data.parse(common) })
      : ground.send(ConfirmCoupon, { id, data: ConfirmCoupon.data.parse(common) }));
    await ground.handled(id);
  };

  const release = (couponId: Id<'cpn'>, checkoutId: Id<'chk'>) =>
    end(ReleaseCoupon, { couponId, reason: 'expired' }, checkoutId);

  const confirm = (couponId: Id<'cpn'>, checkoutId: Id<'chk'>) =>
    end(ConfirmCoupon, { couponId, invoiceId: newId('inv'), discount: { amount: 2475, currency: 'USD' } }, checkoutId);

  it('gives the one use there is to exactly one of 200 who ask two replicas at once', async function () {
    this.timeout(60_000);
    const { couponId } = await issue({ capTotal: 1 });

    const checkouts = await Promise.all(
      Array.from({ length: 200 }, (_, index) => reserve(couponId, { account: `acc_${String(index)}` })),
    );

    const told = await outcomes(checkouts);
    expect(told.filter((each) => each === 'reserved')).to.have.lengthOf(1);
    expect(told.filter((each) => each === 'exhausted')).to.have.lengthOf(199);
    expect((await read(couponId)).usage).to.include({ claimed: 1, reserved: 1, confirmed: 0 });
  });

  it('keeps a cap of seven, and what one account may have, under 60 claims', async function () {
    this.timeout(60_000);
    const { couponId } = await issue({ capTotal: 7, capPerAccount: 2 });

    const checkouts = await Promise.all(
      Array.from({ length: 60 }, (_, index) => reserve(couponId, { account: `acc_${String(index % 3)}` })),
    );

    const told = await outcomes(checkouts);
    // Three accounts, two each: the cap of seven is never reached.
    expect(told.filter((each) => each === 'reserved')).to.have.lengthOf(6);
    expect(told.filter((each) => each === 'account_exhausted')).to.have.lengthOf(54);
    expect((await read(couponId)).usage.claimed).to.equal(6);
  });

  for (const [what, terms, wish, reason] of [
    ['another currency', { currencies: ['EUR'] }, {}, 'currency_not_covered'],
    [
      'an amount in another currency',
      { discount: { kind: 'fixed', amount: { amount: 500, currency: 'EUR' } } },
      {},
      'currency_not_covered',
    ],
  ] as const) {
    it(`refuses one for ${what}`, async () => {
      const { couponId } = await issue(terms);

      expect(await outcome(await reserve(couponId, wish))).to.equal(reason);
      expect((await read(couponId)).usage.claimed).to.equal(0);
    });
  }

  it('refuses one for another plan', async () => {
    const { couponId } = await issue({ planIds: [planAt(1)] });

    expect(await outcome(await reserve(couponId))).to.equal('plan_not_covered');
    expect(await outcome(await reserve(couponId, { planId: planAt(1) }))).to.equal('reserved');
  });

  it('refuses one for a day that is over', async () => {
    const expiresAt = new Date(ground.clock.now().getTime() + 3_600_000).toISOString();
    const { couponId } = await issue({ expiresAt });
    expect(await outcome(await reserve(couponId))).to.equal('reserved');

    ground.clock.advance({ hours: 1 });

    expect(await outcome(await reserve(couponId))).to.equal('expired');
  });

  it('refuses one that nobody issued', async () => {
    expect(await outcome(await reserve(newId('cpn')))).to.equal('unknown');
  });

  it('tells those who sell when the last use is taken, and when it is given back', async () => {
    const { couponId } = await issue({ capTotal: 1 });
    const checkoutId = await reserve(couponId);
    expect(await outcome(checkoutId)).to.equal('reserved');

    await release(couponId, checkoutId);

    const told = (await answers(CouponChanged.type)).filter((data) => data['couponId'] === couponId);
    expect(told.map((data) => data['exhausted'])).to.deep.equal([false, true, false]);
    const versions = (await ground.sent(CouponChanged.type)).filter(({ subject }) => subject === couponId);
    const numbers = versions.map(({ version }) => version);
    expect(numbers).to.deep.equal(numbers.toSorted((a, b) => a - b));
    expect(await outcome(await reserve(couponId))).to.equal('reserved');
  });

  it('never reserves what was released before it was asked for', async () => {
    const { couponId } = await issue({ capTotal: 1 });
    const checkoutId = newId('chk');
    await release(couponId, checkoutId);

    const data = { checkoutId, couponId, accountId: accountOf('acc_one'), planId: planAt(0), currency: 'USD' };
    await ground.send(ReserveCoupon, { id: `${checkoutId}:reserve-coupon`, data });
    await ground.handled(`${checkoutId}:reserve-coupon`);

    expect((await answers(CouponReserved.type)).filter((each) => each['checkoutId'] === checkoutId)).to.deep.equal([]);
    expect((await read(couponId)).usage).to.include({ claimed: 0, released: 1 });
  });

  it('counts a redemption once, reports it, and gives nothing back for it afterwards', async () => {
    const { couponId } = await issue({ capTotal: 5 });
    const checkoutId = await reserve(couponId);
    await outcome(checkoutId);
    await confirm(couponId, checkoutId);
    await release(couponId, checkoutId);

    expect((await read(couponId)).usage).to.deep.equal({
      claimed: 1,
      reserved: 0,
      confirmed: 1,
      released: 0,
      discounts: [{ amount: 2475, currency: 'USD' }],
    });
    const report = ListRedemptions.answer.parse(await (await ask(`/v1/coupons/${couponId}/redemptions`)).json());
    expect(report.data.map(({ status, discount }) => [status, discount?.amount])).to.deep.equal([['confirmed', 2475]]);
    expect(await ground.audited()).to.include.members(['coupon.created', 'coupon.reserved', 'coupon.confirmed']);
  });

  describe('paid after it was given up', () => {
    const changes = async (couponId: Id<'cpn'>) =>
      (await answers(CouponChanged.type))
        .filter((data) => data['couponId'] === couponId)
        .map((data) => data['exhausted']);

    const paidLate = async (terms: object) => {
      const { couponId } = await issue(terms);
      const checkoutId = await reserve(couponId);
      expect(await outcome(checkoutId)).to.equal('reserved');
      await release(couponId, checkoutId);
      await confirm(couponId, checkoutId);
      return couponId;
    };

    it('counts against what the account may have', async () => {
      const couponId = await paidLate({ capPerAccount: 1 });

      expect(await outcome(await reserve(couponId))).to.equal('account_exhausted');
      expect((await read(couponId)).usage).to.include({ claimed: 1, confirmed: 1 });
    });

    it('tells those who sell that it was the last use', async () => {
      const couponId = await paidLate({ capTotal: 1 });

      // Issued, taken, given back, taken again.
      expect(await changes(couponId)).to.deep.equal([false, true, false, true]);
      expect(await outcome(await reserve(couponId, { account: 'acc_two' }))).to.equal('exhausted');
    });

    it('frees nothing beyond the cap when the use that took its place is given back', async () => {
      const { couponId } = await issue({ capTotal: 1 });
      const first = await reserve(couponId);
      await outcome(first);
      await release(couponId, first);
      const second = await reserve(couponId);
      expect(await outcome(second)).to.equal('reserved');
      await confirm(couponId, first);

      await release(couponId, second);

      expect((await read(couponId)).usage).to.include({ claimed: 1, confirmed: 1, reserved: 0, released: 1 });
      expect(await outcome(await reserve(couponId, { account: 'acc_two' }))).to.equal('exhausted');
    });
  });

  it('is claimed by nobody new once it is deactivated, and is recorded', async () => {
    const { couponId } = await issue();
    const answer = await ask(`/v1/coupons/${couponId}/deactivate`, 'POST');
    expect(DeactivateCoupon.answer.parse(await answer.json()).status).to.equal('inactive');

    expect(await outcome(await reserve(couponId))).to.equal('inactive');
    await waitFor(async () => (await ground.audited()).includes('coupon.deactivated'), { what: 'the record' });
  });

  it('has one code once, whoever asks', async () => {
    const { code } = await issue();
    const terms = {
      code,
      discount: { kind: 'percentage', ratePpm: 1 },
      duration: { kind: 'forever' },
      capTotal: null,
      capPerAccount: null,
      expiresAt: null,
      planIds: [],
      currencies: [],
    };

    const again = await ask('/v1/coupons', 'POST', terms);

    expect([again.status, Problem.parse(await again.json()).code]).to.deep.equal([422, 'catalog.key_taken']);
  });
});

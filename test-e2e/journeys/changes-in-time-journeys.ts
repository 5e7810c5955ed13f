import { randomUUID } from 'node:crypto';

import {
  CreateCoupon,
  GetCoupon,
  ListRedemptions,
  PauseSubscription,
  PreviewSubscriptionChange,
  ResumeSubscription,
  StartTrial,
} from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { until, type Wish } from '@quittance/local';
import { expect } from 'chai';

import { type PrivateSuiteOptions } from '../support/private-suite.ts';
import { startTimedGround, type Subscriber, type TimedGround } from '../support/timed-ground.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** 10.00 and 20.00 a month, counted by months of 30 days; in France 20 % are due on top. */
const BASIC: Wish = { product: 'assistant', plan: 'basic', interval: 'month', currency: 'USD', country: 'FR' };
const STANDARD: Wish = { ...BASIC, plan: 'standard' };
const ON_BASIC = { allowed: true, reason: 'entitled', plan: 'basic', limit: 2000 };
const ON_STANDARD = { allowed: true, reason: 'entitled', plan: 'standard', limit: 10_000 };

/** The same year over every transport. */
export const describeChangesInTime = (name: string, options: PrivateSuiteOptions): void => {
  describe(`changes over time, ${name}`, function () {
    this.timeout(120_000);
    changesInTime(options);
  });
};

const changesInTime = (options: PrivateSuiteOptions): void => {
  let ground: TimedGround;

  before(async () => {
    ground = await startTimedGround(options);
  });
  afterEach(() => ground.untilSound());
  after(() => ground.stop());

  const moveTo = async (to: string | number): Promise<void> => {
    await ground.clock.advance({ to: new Date(to).toISOString() });
  };
  const access = (subscriber: Subscriber) => ground.accessOf(subscriber, BASIC.product);
  const untilAccess = (subscriber: Subscriber, plan: string) =>
    until(
      `access by ${plan}`,
      () => access(subscriber),
      (now) => now.allowed && now.plan === plan,
    );
  /** Of the running period, in milliseconds. */
  const periodOf = async (subscriber: Subscriber) => {
    const period = must((await ground.read(subscriber)).currentPeriod, 'a period');
    return { start: Date.parse(period.start), end: Date.parse(must(period.end, 'an end')) };
  };

  it('charges half the difference on day 15 of 30, and the new price from the next renewal on', async () => {
    await moveTo('2027-04-01T10:00:00.000Z');
    const subscriber = await ground.buy(BASIC);
    const { start, end } = await periodOf(subscriber);

    await moveTo(start + 15 * DAY_MS);
    const body = { planId: await ground.shopper.planId(STANDARD) };
    const { token, id } = subscriber;
    const preview = await ground.shopper.call(PreviewSubscriptionChange, { token, params: { id }, body });
    await ground.change(subscriber, body);
    await untilAccess(subscriber, 'standard');
    const upgraded = await periodOf(subscriber);
    await moveTo(end + MINUTE_MS);

    // 15 ÷ 30 × (20.00 − 10.00) = 5.00, and 20 % of it
    expect(preview.dueNow?.total.amount).to.equal(600);
    expect(upgraded).to.deep.equal({ start, end });
    expect(await ground.chargesOf(subscriber)).to.deep.equal([1200, 600, 2400]);
    expect(await ground.invoicesOf(subscriber)).to.deep.equal([
      { what: 'checkout paid', from: '2027-04-01', amounts: [1000, 200, 1200] },
      { what: 'plan_change paid', from: '2027-04-16', amounts: [500, 100, 600] },
      { what: 'renewal paid', from: '2027-05-01', amounts: [2000, 400, 2400] },
    ]);
    expect(await access(subscriber)).to.deep.equal(ON_STANDARD);
    expect((await ground.read(subscriber)).nextCharge?.amount).to.deep.equal(preview.nextCharge?.total);
  });

  it('keeps the dearer plan to its end, gives 20 free days of the cheaper one, and counts months from there', async () => {
    await moveTo('2027-06-01T10:00:00.000Z');
    const subscriber = await ground.buy(STANDARD);
    const { start, end } = await periodOf(subscriber);

    await moveTo(start + 15 * DAY_MS);
    const change = await ground.change(subscriber, { planId: await ground.shopper.planId(BASIC) });
    await moveTo(end - MINUTE_MS);
    const before = await access(subscriber);
    await moveTo(end + MINUTE_MS);
    const inBonus = { access: await access(subscriber), period: await periodOf(subscriber) };
    const unpaid = await ground.chargesOf(subscriber);
    const bonusEnd = end + 20 * DAY_MS;
    await moveTo(bonusEnd + MINUTE_MS);

    // min(⌊15 × 20.00 ÷ 10.00 × 2⌋ = 60, 20) = 20
    expect(change).to.include({ kind: 'downgrade', status: 'scheduled', bonusDays: 20 });
    expect(Date.parse(change.effectiveAt)).to.equal(end);
    expect(before).to.deep.equal(ON_STANDARD);
    expect(inBonus).to.deep.equal({ access: ON_BASIC, period: { start: end, end: bonusEnd } });
    expect(unpaid).to.deep.equal([2400]);
    expect(await ground.chargesOf(subscriber)).to.deep.equal([2400, 1200]);
    expect(await ground.invoicesOf(subscriber)).to.deep.equal([
      { what: 'checkout paid', from: '2027-06-01', amounts: [2000, 400, 2400] },
      { what: 'renewal paid', from: '2027-07-21', amounts: [1000, 200, 1200] },
    ]);
    // 21 July → 21 August: 31 days
    expect(await periodOf(subscriber)).to.deep.equal({ start: bonusEnd, end: bonusEnd + 31 * DAY_MS });
    expect(await access(subscriber)).to.deep.equal(ON_BASIC);
  });

  it('lets one trial become paid where it would have ended, and another end for nothing', async () => {
    await moveTo('2027-09-01T10:00:00.000Z');
    const [paying, leaving] = [await tried(), await tried()];
    const trial = await periodOf(paying);

    await moveTo(trial.start + 10 * DAY_MS);
    const untilPaid = await ground.chargesOf(paying);
    await ground.change(paying, {});
    const converted = await periodOf(paying);
    const both = [await access(paying), await access(leaving)];
    await moveTo(trial.end + MINUTE_MS);
    const apart = [await access(paying), (await access(leaving)).allowed];
    await moveTo(converted.end + MINUTE_MS);

    expect(trial.end - trial.start).to.equal(14 * DAY_MS);
    expect(untilPaid).to.deep.equal([]);
    expect(both).to.deep.equal([ON_BASIC, ON_BASIC]);
    expect(apart).to.deep.equal([ON_BASIC, false]);
    // 15 September → 15 October: 30 days
    expect(converted).to.deep.equal({ start: trial.end, end: trial.end + 30 * DAY_MS });
    expect(await ground.chargesOf(paying)).to.deep.equal([1200, 1200]);
    expect(await ground.invoicesOf(paying)).to.deep.equal([
      { what: 'plan_change paid', from: '2027-09-15', amounts: [1000, 200, 1200] },
      { what: 'renewal paid', from: '2027-10-15', amounts: [1000, 200, 1200] },
    ]);
    expect(await ground.read(leaving)).to.include({ status: 'expired', nextCharge: null });
    expect(await ground.chargesOf(leaving)).to.deep.equal([]);
    expect(await ground.invoicesOf(leaving)).to.deep.equal([]);
  });

  const tried = async (): Promise<Subscriber> => {
    const customer = await ground.newCustomer();
    const { id } = await ground.shopper.call(StartTrial, {
      token: customer.token,
      body: { planId: await ground.shopper.planId(BASIC), currency: 'USD', country: 'FR' },
      idempotencyKey: randomUUID(),
    });
    const subscriber = { ...customer, id };
    await untilAccess(subscriber, 'basic');
    return subscriber;
  };

  it('charges nothing while paused over a renewal, and then for what comes after the rest of the period', async () => {
    await moveTo('2027-11-01T10:00:00.000Z');
    const [byDate, byHand] = [await ground.buy(BASIC), await ground.buy(BASIC)];
    const [dated, handed] = [await periodOf(byDate), await periodOf(byHand)];

    await moveTo(handed.start + 10 * DAY_MS);
    const resumesAt = handed.start + 40 * DAY_MS;
    const since = [
      await paused(byDate, { resumesAt: new Date(resumesAt).toISOString() }),
      await paused(byHand, {}),
    ] as const;
    await moveTo(resumesAt - MINUTE_MS);
    const denied = [await access(byDate), await access(byHand)];
    const meanwhile = [await ground.chargesOf(byDate), await ground.chargesOf(byHand)];
    await moveTo(resumesAt + MINUTE_MS);
    const datedNow = await periodOf(byDate);
    const { token, id } = byHand;
    const asked = (await ground.clock.now()).getTime();
    await ground.shopper.call(ResumeSubscription, { token, params: { id } });
    const answered = (await ground.clock.now()).getTime();
    const handedNow = await periodOf(byHand);
    const back = [await untilAccess(byDate, 'basic'), await untilAccess(byHand, 'basic')];
    await moveTo(Math.min(datedNow.end, handedNow.end) - MINUTE_MS);
    const unrenewed = [await ground.chargesOf(byDate), await ground.chargesOf(byHand)];
    await moveTo(Math.max(datedNow.end, handedNow.end) + MINUTE_MS);

    for (const answer of denied) expect(answer).to.include({ allowed: false, reason: 'paused' });
    expect(meanwhile).to.deep.equal([[1200], [1200]]);
    // it stood still from `since` until it was resumed, so its end is later by as much
    expect(datedNow).to.deep.equal({ start: dated.start, end: dated.end + resumesAt - since[0] });
    expect(handedNow.start).to.equal(handed.start);
    expect(handedNow.end).to.be.within(handed.end + asked - since[1], handed.end + answered - since[1]);
    expect(back).to.deep.equal([ON_BASIC, ON_BASIC]);
    expect(unrenewed).to.deep.equal([[1200], [1200]]);
    for (const [subscriber, end] of [
      [byDate, datedNow.end],
      [byHand, handedNow.end],
    ] as const) {
      expect(await ground.chargesOf(subscriber)).to.deep.equal([1200, 1200]);
      // 31 December → 31 January: 31 days
      expect(await periodOf(subscriber)).to.deep.equal({ start: end, end: end + 31 * DAY_MS });
      expect((await ground.invoicesOf(subscriber)).map(({ what, from }) => `${what} ${from}`)).to.deep.equal([
        'checkout paid 2027-11-01',
        'renewal paid 2027-12-31',
      ]);
    }
  });

  /** Resolves with the instant since when it stands still, once the gateway knows. */
  const paused = async (subscriber: Subscriber, body: { readonly resumesAt?: string }): Promise<number> => {
    const { token, id } = subscriber;
    const { pause } = await ground.shopper.call(PauseSubscription, { token, params: { id }, body });
    await until(
      'the pause',
      () => access(subscriber),
      ({ reason }) => reason === 'paused',
    );
    return Date.parse(must(pause, 'a pause').since);
  };

  it('takes a coupon of three cycles off three invoices, and the fourth is the full price', async () => {
    await moveTo('2028-02-01T10:00:00.000Z');
    const code = `THREE-${randomUUID().slice(0, 8).toUpperCase()}`;
    const couponId = await issued(code);
    const subscriber = await ground.buy({ ...STANDARD, coupon: code });
    const nextTotal = async () => (await ground.read(subscriber)).nextCharge?.amount.amount;
    const first = await nextTotal();

    await moveTo('2028-04-01T11:00:00.000Z');
    const thrice = await ground.chargesOf(subscriber);
    const fourth = await nextTotal();
    await moveTo('2028-05-01T11:00:00.000Z');

    // 20.00 − 25 % = 15.00, and 20 % of it
    expect(thrice).to.deep.equal([1800, 1800, 1800]);
    expect({ first, fourth }).to.deep.equal({ first: 1800, fourth: 2400 });
    expect(await ground.chargesOf(subscriber)).to.deep.equal([1800, 1800, 1800, 2400]);
    expect(await ground.invoicesOf(subscriber)).to.deep.equal([
      { what: 'checkout paid', from: '2028-02-01', amounts: [1500, 300, 1800] },
      { what: 'renewal paid', from: '2028-03-01', amounts: [1500, 300, 1800] },
      { what: 'renewal paid', from: '2028-04-01', amounts: [1500, 300, 1800] },
      { what: 'renewal paid', from: '2028-05-01', amounts: [2000, 400, 2400] },
    ]);
    expect(await access(subscriber)).to.deep.equal(ON_STANDARD);
    const asOperator = { token: ground.finance, params: { id: couponId } };
    const { usage } = await ground.shopper.call(GetCoupon, asOperator);
    const { data } = await ground.shopper.call(ListRedemptions, { ...asOperator, query: {} });
    expect(usage).to.deep.include({ claimed: 1, reserved: 0, confirmed: 1, released: 0 });
    expect(data.map(({ accountId, status }) => `${accountId} ${status}`)).to.deep.equal([
      `${subscriber.account} confirmed`,
    ]);
  });

  /** Known to the checkout when a wish with it is no longer refused. */
  const issued = async (code: string): Promise<string> => {
    const { couponId } = await ground.shopper.call(CreateCoupon, {
      token: ground.finance,
      idempotencyKey: randomUUID(),
      body: {
        code,
        discount: { kind: 'percentage', ratePpm: 250_000 },
        duration: { kind: 'cycles', cycles: 3 },
        capTotal: 1,
        capPerAccount: null,
        expiresAt: null,
        planIds: [],
        currencies: [],
      },
    });
    return couponId;
  };
};

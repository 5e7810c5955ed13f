import { randomUUID } from 'node:crypto';

import { ListInvoices } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { makeShopper, type RunningSuite, type Shopper, until, type Wish } from '@quittance/local';
import { expect } from 'chai';

import { type PrivateSuiteOptions, startPrivateSuite } from '../support/private-suite.ts';
import { sandboxClock, type SandboxClock } from '../support/sandbox-clock.ts';

const PRO: Wish = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' };
const GOOD = '4242424242424242';
/** Succeeds while its holder is there, and is declined afterwards. */
const DECLINED_LATER = '4000000000000341';

/** What time brings, on a clock that is moved: the same in one process and in many. */
export const describeRenewals = (name: string, options: PrivateSuiteOptions): void => {
  describe(`renewals, ${name}`, function () {
    this.timeout(180_000);
    let suite: RunningSuite;
    let shopper: Shopper;
    let clock: SandboxClock;
    let service: string;

    before(async () => {
      suite = await startPrivateSuite(options);
      shopper = makeShopper(suite.facts);
      clock = sandboxClock(suite.facts);
      service = await shopper.token('whatsapp-qr');
      const token = await shopper.customerToken('acc_first');
      await until('the catalogue reaches the checkout', () => shopper.checkout(token, PRO).catch(() => null), {
        enough: (session) => session !== null,
        everyMs: 200,
      });
    });
    after(() => suite.stop());

    const buy = async (wish: Wish, card = GOOD) => {
      const account = `acc_${randomUUID().slice(0, 8)}`;
      const token = await shopper.customerToken(account);
      const session = await shopper.checkout(token, wish);
      await shopper.pay(must(session.payUrl, 'pay url'), card);
      await until(
        'activation',
        () => shopper.checkoutSession(token, session.id, '5s'),
        ({ status }) => status === 'completed',
      );
      return { account, token };
    };
    const invoicesOf = async (token: string) => {
      const { data } = await shopper.call(ListInvoices, { token, query: { limit: '100' } });
      return data.toSorted((a, b) => (a.period.start < b.period.start ? -1 : 1));
    };
    const startsOf = async (token: string) => (await invoicesOf(token)).map(({ period }) => period.start.slice(0, 10));
    const subscriptionOf = async (token: string) =>
      must((await shopper.billing(token)).subscriptions.data?.[0], 'the subscription');
    const moveTo = async (to: string): Promise<void> => {
      await clock.advance({ to });
    };

    it('renews a monthly plan of 31 January on the last day of every month, for a year', async () => {
      await moveTo('2027-01-31T10:00:00.000Z');
      const { account, token } = await buy(PRO);

      await moveTo('2028-01-31T12:00:00.000Z');

      // 2027 is no leap year: 28 February, and the 31st again wherever there is one
      expect(await startsOf(token)).to.deep.equal([
        '2027-01-31',
        '2027-02-28',
        '2027-03-31',
        '2027-04-30',
        '2027-05-31',
        '2027-06-30',
        '2027-07-31',
        '2027-08-31',
        '2027-09-30',
        '2027-10-31',
        '2027-11-30',
        '2027-12-31',
        '2028-01-31',
      ]);
      const invoices = await invoicesOf(token);
      expect(new Set(invoices.map(({ status }) => status))).to.deep.equal(new Set(['paid']));
      expect(new Set(invoices.map(({ number }) => number)).size).to.equal(invoices.length);
      expect((await subscriptionOf(token)).currentPeriod?.end?.slice(0, 10)).to.equal('2028-02-29');
      expect((await shopper.check(service, { account, product: PRO.product })).allowed).to.equal(true);
      const page = await shopper.billing(token);
      expect(page.payments.data?.length).to.be.greaterThan(0);
    });

    it('renews an annual plan of 29 February on 28 February, until there is a 29th again', async () => {
      await moveTo('2028-02-29T10:00:00.000Z');
      const { token } = await buy({ ...PRO, interval: 'year' });

      await moveTo('2032-03-01T00:00:00.000Z');

      expect(await startsOf(token)).to.deep.equal([
        '2028-02-29',
        '2029-02-28',
        '2030-02-28',
        '2031-02-28',
        '2032-02-29',
      ]);
    });

    it('keeps access for 21 days when the card is declined, and the invoice open', async () => {
      const { account, token } = await buy(PRO, DECLINED_LATER);
      const { currentPeriod } = await subscriptionOf(token);
      const end = new Date(must(currentPeriod?.end, 'end of the period'));

      await moveTo(new Date(end.getTime() + 60_000).toISOString());

      expect(await subscriptionOf(token)).to.include({ status: 'past_due', nextCharge: null });
      const [, renewal] = await invoicesOf(token);
      expect(renewal).to.include({ status: 'issued' });
      expect((await shopper.check(service, { account, product: PRO.product })).allowed).to.equal(true);

      await clock.advance({ days: 22 });

      expect((await shopper.check(service, { account, product: PRO.product })).allowed).to.equal(false);
    });

    it('goes on from the moved time after a move, and never back', async () => {
      const now = await clock.now();

      const refused = await clock.advance({ to: new Date(now.getTime() - 1000).toISOString() }).catch(String);

      expect(refused).to.contain('409');
      expect((await clock.now()).getTime()).to.be.at.least(now.getTime());
      expect(await clock.advance({ hours: 2 })).to.be.greaterThan(new Date(now.getTime() + 7_200_000 - 1));
    });
  });
};

import { randomUUID } from 'node:crypto';

import { ListAttention, ListDeadLetters, ListPayments } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import {
  ApiProblem,
  CARDS,
  makeShopper,
  PURCHASE_TRAIL,
  type RunningSuite,
  type Shopper,
  until,
  type Wish,
} from '@quittance/local';
import { expect } from 'chai';

import { type PrivateSuiteOptions, startPrivateSuite } from '../support/private-suite.ts';

const PRO: Wish = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' };
const FREE: Wish = { ...PRO, plan: 'free' };

/** The main job, the same on every transport and however the services are spread. */
export const describeThePurchase = (name: string, options: PrivateSuiteOptions): void => {
  describe(`the purchase, ${name}`, function () {
    this.timeout(60_000);
    let suite: RunningSuite;
    let shopper: Shopper;
    let service: string;
    let finance: string;

    before(async function () {
      this.timeout(120_000);
      suite = await startPrivateSuite(options);
      shopper = makeShopper(suite.facts);
      [service, finance] = await Promise.all([shopper.token('whatsapp-qr'), shopper.token('finance')]);
      await until(
        'the catalogue reaches the checkout',
        () => firstCheckout(shopper),
        (session) => session !== null,
      );
    });

    after(async () => {
      await suite.stop();
    });

    const buyer = async () => {
      const account = `acc_${randomUUID().slice(0, 8)}`;
      return { account, token: await shopper.customerToken(account) };
    };
    const allowed = async (account: string): Promise<boolean> =>
      (await shopper.check(service, { account, product: PRO.product })).allowed;

    it('makes a paid plan live at once, and can prove how', async () => {
      const { account, token } = await buyer();
      const before = await shopper.check(service, { account, product: PRO.product });

      const session = await shopper.checkout(token, PRO);
      const paid = await shopper.pay(must(session.payUrl, 'pay url'), CARDS.succeeds);
      const done = await shopper.checkoutSession(token, session.id, '5s');

      expect(before).to.include({ allowed: false, reason: 'no_subscription' });
      expect(session.dueNow?.total.currency).to.equal('USD');
      expect(session.renewsAt).to.be.a('string');
      expect(paid).to.equal(true);
      expect(done).to.include({ status: 'completed', subscriptionStatus: 'active' });
      await until(
        'access',
        () => allowed(account),
        (yes) => yes,
      );
      const page = await shopper.billing(token);
      const invoice = must(page.invoices.data?.[0], 'invoice');
      expect(invoice).to.include({ status: 'paid', id: session.invoiceId });
      expect(invoice.number).to.be.a('string');
      expect(invoice.totals).to.deep.equal({
        subtotal: session.dueNow?.subtotal,
        tax: session.dueNow?.tax,
        total: session.dueNow?.total,
      });
      expect(page.payments.data).to.have.lengthOf(1);
      expect(page.nextCharge?.at).to.equal(session.renewsAt);
      const trail = await until(
        'the sealed trail',
        () => shopper.trail(finance, session.id),
        ({ data }) => data.length >= PURCHASE_TRAIL.length && data.every(({ sequence }) => sequence !== null),
      );
      expect(trail.data.map(({ action }) => action)).to.deep.equal(PURCHASE_TRAIL);
      expect(await shopper.verifyChain(finance)).to.include({ valid: true, firstProblem: null });
    });

    it('charges nothing and activates nothing when the card is declined, and the customer may try again', async () => {
      const { account, token } = await buyer();

      const session = await shopper.checkout(token, PRO);
      const paid = await shopper.pay(must(session.payUrl, 'pay url'), CARDS.declines);
      const told = await until(
        'the decline',
        () => shopper.checkoutSession(token, session.id),
        ({ lastDecline }) => lastDecline !== null,
      );

      expect(paid).to.equal(false);
      expect(told).to.include({ status: 'open', subscriptionStatus: 'draft', payUrl: session.payUrl });
      expect(told.lastDecline?.reason).to.equal('card_declined');
      expect(await allowed(account)).to.equal(false);
      const page = await shopper.billing(token);
      expect(page.invoices.data).to.deep.equal([]);
      expect(page.payments.data).to.deep.equal([]);

      await shopper.pay(must(told.payUrl, 'pay url'), CARDS.succeeds);
      const done = await shopper.checkoutSession(token, session.id, '5s');

      expect(done.status).to.equal('completed');
      await until(
        'access',
        () => allowed(account),
        (yes) => yes,
      );
    });

    it('makes the free plan live at once, without a rail', async () => {
      const { account, token } = await buyer();

      const session = await shopper.checkout(token, FREE);

      expect(session).to.include({ status: 'completed', subscriptionStatus: 'active', rail: null, payUrl: null });
      await until(
        'access',
        () => allowed(account),
        (yes) => yes,
      );
      expect((await shopper.billing(token)).invoices.data).to.deep.equal([]);
    });

    it('lets the free plan give way to a paid one', async () => {
      const { account, token } = await buyer();
      await shopper.checkout(token, FREE);

      const session = await shopper.checkout(token, PRO);
      await shopper.pay(must(session.payUrl, 'pay url'), CARDS.succeeds);

      const answer = await until(
        'the paid plan',
        () => shopper.check(service, { account, product: PRO.product }),
        ({ plan }) => plan === 'pro',
      );
      expect(answer.allowed).to.equal(true);
      const page = await shopper.billing(token);
      expect(page.subscriptions.data?.map(({ planKey, status }) => `${planKey} ${status}`).toSorted()).to.deep.equal([
        'free cancelled',
        'pro active',
      ]);
    });

    it('starts one checkout for one Idempotency-Key, also fifty times at once', async () => {
      const { token } = await buyer();
      const key = randomUUID();

      const answers = await Promise.all(
        Array.from({ length: 50 }, () =>
          shopper.checkout(token, PRO, key).then(
            ({ id }) => id,
            (error: unknown) => (error instanceof ApiProblem ? error.code : String(error)),
          ),
        ),
      );

      const again = await shopper.checkout(token, PRO, key);
      const kinds = new Set(answers.filter((answer) => answer !== 'platform.idempotency_in_progress'));
      expect([...kinds]).to.deep.equal([again.id]);
    });

    it('refuses another body under the same key', async () => {
      const { token } = await buyer();
      const key = randomUUID();
      await shopper.checkout(token, PRO, key);

      const problem = await problemOf(shopper.checkout(token, { ...PRO, interval: 'year' }, key));

      expect(problem).to.include({ status: 422, code: 'platform.idempotency_key_reused' });
    });

    it('does not sell the same product twice', async () => {
      const { token } = await buyer();
      const session = await shopper.checkout(token, PRO);
      await shopper.pay(must(session.payUrl, 'pay url'), CARDS.succeeds);
      await until(
        'activation',
        () => shopper.checkoutSession(token, session.id, '5s'),
        ({ status }) => status === 'completed',
      );

      const problem = await problemOf(shopper.checkout(token, PRO));

      expect(problem).to.include({ status: 422, code: 'subscription.already_subscribed' });
    });

    it('gives up the first checkout for a second one, and takes no money for it', async () => {
      const { token } = await buyer();
      const first = await shopper.checkout(token, PRO);

      const second = await shopper.checkout(token, { ...PRO, interval: 'year' });
      const given = await shopper.checkoutSession(token, first.id);

      expect(second.id).not.to.equal(first.id);
      expect(given).to.include({ status: 'superseded', payUrl: null });
      const late = await until(
        'the first order to close',
        () => shopper.pay(must(first.payUrl, 'pay url'), CARDS.succeeds),
        (accepted) => !accepted,
      );
      expect(late).to.equal(false);
    });

    it('shows nothing of one account to another', async () => {
      const [owner, other] = await Promise.all([buyer(), buyer()]);
      const session = await shopper.checkout(owner.token, PRO);

      const problem = await problemOf(shopper.checkoutSession(other.token, session.id));

      expect(problem).to.include({ status: 404, code: 'platform.not_found' });
    });

    it('asks the provider when the customer returns before the webhook', async () => {
      const { account, token } = await buyer();
      const session = await shopper.checkout(token, PRO);
      await sandbox(suite, '/_sandbox/stripe/webhooks', { pause: true });
      try {
        // The hosted page waits for the webhook as the provider does; the customer need not.
        const paying = shopper.pay(must(session.payUrl, 'pay url'), CARDS.succeeds);
        const done = await until(
          'the verified payment',
          () => shopper.verify(token, session.id),
          ({ status }) => status === 'completed',
        );
        await sandbox(suite, '/_sandbox/stripe/webhooks', { pause: false });
        await paying;

        expect(done.subscriptionStatus).to.equal('active');
        await until(
          'access',
          () => allowed(account),
          (yes) => yes,
        );
        const trail = await until(
          'the late webhook',
          () => shopper.trail(finance, session.id),
          ({ data }) => data.length >= PURCHASE_TRAIL.length,
        );
        expect(trail.data.map(({ action }) => action).toSorted()).to.deep.equal([...PURCHASE_TRAIL].toSorted());
      } finally {
        await sandbox(suite, '/_sandbox/stripe/webhooks', { pause: false });
      }
    });

    it('leaves nothing waiting for a person, and no dead letters', async () => {
      expect(await shopper.call(ListAttention, { token: finance })).to.deep.equal({ data: [], unreachable: [] });
      expect(await shopper.call(ListDeadLetters, { token: finance })).to.deep.equal({ data: [], unreachable: [] });
    });

    it('lists every payment to operators and refuses customers what is theirs', async () => {
      const { token } = await buyer();

      const payments = await shopper.call(ListPayments, { token: finance });
      const problem = await problemOf(shopper.call(ListAttention, { token }));

      expect(payments.data.length).to.be.greaterThan(0);
      expect(problem).to.include({ status: 403, code: 'platform.forbidden' });
    });
  });
};

const problemOf = async (call: Promise<unknown>): Promise<ApiProblem> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiProblem) return error;
    throw error;
  }
  throw new Error('It was not refused.');
};

/** The catalogue travels by message: until subscription has heard of it, nothing can be bought. */
const firstCheckout = async (shopper: Shopper) => {
  const token = await shopper.customerToken('acc_first');
  return shopper.checkout(token, PRO).catch(() => null);
};

const sandbox = async ({ facts }: RunningSuite, path: string, body: unknown): Promise<void> => {
  const response = await fetch(`${facts.sandboxUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok, `${path} answered ${response.status}`).to.equal(true);
};

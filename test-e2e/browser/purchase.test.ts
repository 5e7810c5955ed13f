import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { CARDS, makeShopper, PURCHASE_TRAIL, type RunningSuite, until } from '@quittance/local';
import { expect } from 'chai';
import { type Browser, type Page } from 'playwright-core';

import { accessProblems, findChromium, makeVisitor, openBrowser, type Visitor } from '../support/open-browser.ts';
import { startPrivateSuite } from '../support/private-suite.ts';

const PRO = 'plan-automation-pro';
const FREE = 'plan-automation-free';

const executable = findChromium();

if (executable === null) {
  process.stdout.write('Left out: the purchase in a browser (no Chromium: install it, or set CHROMIUM_PATH).\n');
  // Pending, so that it is counted as left out, and fails where nothing may be.
  it('the purchase in a browser', function () {
    this.skip();
  });
} else {
  describe('the purchase in a browser', function () {
    this.timeout(120_000);
    let suite: RunningSuite;
    let browser: Browser;
    const visitors: Visitor[] = [];

    before(async () => {
      suite = await startPrivateSuite({ rabbitUrl: null, processes: false });
      browser = await openBrowser(executable);
      const shopper = makeShopper(suite.facts);
      const warm = await shopper.customerToken('acc_warm_up');
      const wish = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;
      await until(
        'the catalogue reaches the checkout',
        () => shopper.checkout(warm, wish).catch(() => null),
        (made) => made !== null,
      );
    });

    afterEach(async () => {
      for (const visitor of visitors.splice(0)) await visitor.close();
    });

    after(async () => {
      await browser.close();
      await suite.stop();
    });

    const visit = async (path: string, locale = 'en-GB'): Promise<Visitor> => {
      const visitor = await makeVisitor(browser, {
        locale,
        origins: [suite.facts.gatewayUrl, suite.facts.sandboxUrl],
      });
      visitors.push(visitor);
      await visitor.page.goto(`${suite.facts.gatewayUrl}${path}`);
      return visitor;
    };

    const logInAs = async (page: Page, persona: string): Promise<void> => {
      await page.waitForURL(`${suite.facts.sandboxUrl}/**`);
      await page.click(`button[value="${persona}"]`);
    };

    const choose = async (page: Page, plan: string, persona: string): Promise<void> => {
      await page.getByTestId(`${plan}-action`).click();
      await logInAs(page, persona);
    };

    const payWith = async (page: Page, card: string): Promise<void> => {
      await page.waitForURL('**/pay/**');
      await page.fill('#email', 'customer@example.test');
      await page.fill('#card', card);
      await page.fill('#expiry', '12 / 34');
      await page.fill('#cvc', '123');
      await page.fill('#name', 'A Customer');
      await page.click('button.go');
    };

    const minorOf = async (page: Page, within: string): Promise<number> =>
      Number(await page.getByTestId(within).locator('[data-minor]').first().getAttribute('data-minor'));

    const outcome = (page: Page, status: string): Promise<void> =>
      page
        .getByTestId('checkout-status')
        .and(page.locator(`[data-status="${status}"]`))
        .waitFor();

    for (const { locale, direction, title } of [
      { locale: 'en-GB', direction: 'ltr', title: /plan/i },
      { locale: 'fr-FR', direction: 'ltr', title: /forfait|offre/i },
      { locale: 'ar-EG', direction: 'rtl', title: /[\u0600-\u06FF]/ },
    ]) {
      it(`shows prices in the chosen currency, in ${locale}`, async () => {
        const { page, troubles } = await visit('/', locale);

        await page.getByTestId(`${PRO}-action`).waitFor();
        await page.getByTestId('currency-select').selectOption('EUR');
        const price = page.getByTestId(PRO).locator('[data-currency="EUR"]').first();
        await price.waitFor();

        expect(await page.locator('html').getAttribute('lang')).to.equal(locale.slice(0, 2));
        expect(await page.locator('html').getAttribute('dir')).to.equal(direction);
        expect(await page.locator('h1').textContent()).to.match(title);
        expect(Number(await price.getAttribute('data-minor'))).to.be.greaterThan(0);
        expect(await accessProblems(page)).to.deep.equal([]);
        expect(troubles()).to.deep.equal([]);
      });
    }

    it('sells a plan: from its price to an active plan with invoice, receipt and next charge', async () => {
      const { page, troubles } = await visit('/?currency=USD');

      const price = await minorOf(page, PRO);
      await choose(page, PRO, 'amal');
      await page.getByTestId('pay-button').waitFor();
      const total = await minorOf(page, 'checkout-total');
      const renews = await page.getByTestId('renews-at').textContent();
      const taxLine = await page.getByTestId('checkout-tax-line').textContent();
      expect(await accessProblems(page)).to.deep.equal([]);

      await page.getByTestId('pay-button').click();
      await payWith(page, CARDS.succeeds);
      await outcome(page, 'active');
      const number = await page.getByTestId('invoice-number').filter({ hasText: /\d/ }).textContent();
      expect(await accessProblems(page)).to.deep.equal([]);

      await page.goto(`${suite.facts.gatewayUrl}/billing`);
      await page.getByTestId('subscription-automation-pro').waitFor();
      // Dollar prices are before tax, as the page says; what will be charged next is told with it.
      expect(total).to.be.greaterThan(price);
      expect(renews).to.match(/\d{4}/);
      expect(taxLine).to.match(/\S/);
      expect(await page.getByTestId('invoice-number').first().textContent()).to.equal(number);
      expect(await page.locator('[data-testid^="receipt-"]').count()).to.equal(1);
      expect(await minorOf(page, 'next-charge')).to.equal(total);
      expect(await accessProblems(page)).to.deep.equal([]);
      expect(troubles()).to.deep.equal([]);
    });

    it('says politely that a card was declined, and lets the customer try again', async () => {
      const { page, troubles } = await visit('/?currency=USD');
      await choose(page, PRO, 'bruno');
      await page.getByTestId('pay-button').click();
      await payWith(page, CARDS.declines);
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').textContent()).to.match(/declined/i);

      await page.click('a[rel="noreferrer"]');
      await outcome(page, 'declined');
      expect(await page.getByTestId('checkout-status').getAttribute('data-reason')).to.equal('card_declined');
      expect(await page.getByTestId('checkout-status').textContent()).to.match(/not.+charged|nothing.+charged/i);
      expect(await accessProblems(page)).to.deep.equal([]);

      await page.getByTestId('try-again').click();
      await payWith(page, CARDS.succeeds);
      await outcome(page, 'active');
      expect(troubles()).to.deep.equal([]);
    });

    it('makes the free plan active at once, without a payment page', async () => {
      const { page, troubles } = await visit('/?currency=USD');

      await choose(page, FREE, 'new-customer');
      await outcome(page, 'active');

      await page.goto(`${suite.facts.gatewayUrl}/billing`);
      await page.getByTestId('subscription-automation-free').waitFor();
      expect(await page.locator('[data-testid^="receipt-"]').count()).to.equal(0);
      expect(troubles()).to.deep.equal([]);
    });

    it('leads an operator from one payment to its invoice, its nine records and the proof of the chain', async () => {
      const shopper = makeShopper(suite.facts);
      const account = `acc_${randomUUID().slice(0, 8)}`;
      const session = await shopper.checkout(await shopper.customerToken(account), {
        product: 'automation',
        plan: 'pro',
        interval: 'month',
        currency: 'USD',
      });
      await shopper.pay(session.payUrl ?? '', CARDS.succeeds);
      const finance = await shopper.token('finance');
      await until(
        'the sealed trail',
        () => shopper.trail(finance, session.id),
        ({ data }) => data.length === PURCHASE_TRAIL.length && data.every(({ sequence }) => sequence !== null),
      );

      const { page, troubles } = await visit('/payments');
      await logInAs(page, 'finance');
      const row = page.locator('[data-testid^="payment-"]').filter({ hasText: account });
      await row.locator('a[data-testid^="open-"]').click();

      await page.getByTestId('chain-badge').waitFor();
      await page.getByTestId('trail').waitFor();
      const items = await page.locator('[data-testid="trail"] > li').all();
      const trail = await Promise.all(items.map((item) => item.getAttribute('data-testid')));
      expect(trail).to.deep.equal(PURCHASE_TRAIL.map((action) => `trail-${action}`));
      expect(await page.getByTestId('chain-badge').getAttribute('data-valid')).to.equal('true');
      expect(await page.getByTestId('invoice-status').getAttribute('data-status')).to.equal('paid');
      await page.getByTestId('invoice-number').filter({ hasText: /\d/ }).waitFor();
      expect(await accessProblems(page)).to.deep.equal([]);

      const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-trail').click()]);
      expect(saved.suggestedFilename()).to.match(/^audit-\d{8}T\d{6}Z\.csv$/);
      const lines = (await readFile(await saved.path(), 'utf8')).trimEnd().split('\r\n');
      expect(lines.slice(1).map((line) => line.split(',')[4])).to.deep.equal([...PURCHASE_TRAIL]);
      expect(troubles()).to.deep.equal([]);
    });
  });
}

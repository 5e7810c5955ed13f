import { randomUUID } from 'node:crypto';

import { CreateHandoff } from '@quittance/contracts';
import { CARDS, makeShopper, type RunningSuite, type Shopper, until } from '@quittance/local';
import { expect } from 'chai';
import { type Browser } from 'playwright-core';

import { accessProblems, findChromium, makeVisitor, openBrowser, type Visitor } from '../support/open-browser.ts';
import { startPrivateSuite } from '../support/private-suite.ts';

const executable = findChromium();

if (executable === null) {
  process.stdout.write('Left out: a hand-off in a browser (no Chromium: install it, or set CHROMIUM_PATH).\n');
  // Pending, so that it is counted as left out, and fails where nothing may be.
  it('a hand-off in a browser', function () {
    this.skip();
  });
} else {
  describe('a hand-off in a browser', function () {
    this.timeout(120_000);
    let suite: RunningSuite;
    let shopper: Shopper;
    let browser: Browser;
    let visitor: Visitor | null = null;

    before(async () => {
      suite = await startPrivateSuite({ rabbitUrl: null, processes: false });
      browser = await openBrowser(executable);
      shopper = makeShopper(suite.facts);
      const first = await shopper.customerToken('acc_first');
      const wish = { product: 'automation', plan: 'free', interval: 'month', currency: 'USD' } as const;
      await until(
        'the catalogue reaches the checkout',
        () => shopper.checkout(first, wish).catch(() => null),
        (session) => session !== null,
      );
    });

    afterEach(async () => {
      await visitor?.close();
      visitor = null;
    });

    after(async () => {
      await browser.close();
      await suite.stop();
    });

    const linkFor = async (account: string, more: object = {}) => {
      const { gatewayUrl } = suite.facts;
      // The service’s own pages are played by ours: both only have to be reached.
      const pages = { successUrl: `${gatewayUrl}/?bought={CHECKOUT_SESSION_ID}`, cancelUrl: `${gatewayUrl}/?back` };
      const order = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' };
      const body = { account, owner: `usr_of_${account}`, ...order, ...pages, ...more };
      return (await shopper.call(CreateHandoff, { token: await shopper.token('account-manager'), body })).url;
    };

    const follow = async (url: string): Promise<Visitor> => {
      const { gatewayUrl, sandboxUrl } = suite.facts;
      visitor = await makeVisitor(browser, { locale: 'en-GB', origins: [gatewayUrl, sandboxUrl] });
      await visitor.page.goto(url);
      return visitor;
    };

    it('leads from the link over price and tax to the payment page and back to the service, without a login', async () => {
      const account = `acc_${randomUUID().slice(0, 8)}`;
      const { page, troubles } = await follow(await linkFor(account));

      await page.getByTestId('pay-button').waitFor();
      const total = page.getByTestId('checkout-total').locator('[data-minor]');
      expect(await total.getAttribute('data-currency')).to.equal('USD');
      expect(page.url()).to.equal(`${suite.facts.gatewayUrl}/handoff`);
      expect(await accessProblems(page)).to.deep.equal([]);
      const shown = process.env['SCREENSHOT'];
      if (shown !== undefined) await page.screenshot({ path: shown, fullPage: true });
      await page.reload();
      await page.getByTestId('pay-button').click();
      await page.waitForURL('**/pay/**');
      await page.fill('#email', 'owner@example.test');
      await page.fill('#card', CARDS.succeeds);
      await page.fill('#expiry', '12 / 34');
      await page.fill('#cvc', '123');
      await page.fill('#name', 'An Owner');
      await page.click('button.go');

      await page.waitForURL('**/?bought=chk_*');
      const service = await shopper.token('whatsapp-qr');
      const check = () => shopper.check(service, { account, product: 'automation' });
      await until('the entitlement', check, ({ allowed }) => allowed);
      expect(troubles()).to.deep.equal([]);
    });

    it('says in the reader’s language that a link was used before', async () => {
      const url = await linkFor(`acc_${randomUUID().slice(0, 8)}`, { language: 'fr' });
      const first = await follow(url);
      await first.page.getByTestId('pay-button').waitFor();
      expect(await first.page.locator('html').getAttribute('lang')).to.equal('fr');
      await first.close();

      const { page } = await follow(url);
      await page.getByTestId('handoff-spent').waitFor();

      expect(await page.getByTestId('pay-button').count()).to.equal(0);
      expect(await accessProblems(page)).to.deep.equal([]);
    });
  });
}

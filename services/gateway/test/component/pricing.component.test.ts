/** Prices through the door: right within one second also in a browser, and an account's own by its billing profile. */
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { Agent, interceptors } from 'undici';

import { type Received, startGateway, type StubAnswer } from '../start-gateway.ts';

describe('prices at the door', () => {
  let gateway: Awaited<ReturnType<typeof startGateway>>;

  before(async () => {
    gateway = await startGateway({ RATE_PUBLIC_PER_SECOND: '1000' });
  });
  after(() => gateway.stop());

  it('are the new ones within a second of a change, in a browser that keeps answers as it is told to', async () => {
    const sold = { amount: 9900 };
    gateway.others.answers(({ headers }) => {
      const etag = `"${String(sold.amount)}"`;
      const told = { etag, 'cache-control': 'public, no-cache', vary: 'accept-language' };
      if (headers['if-none-match'] === etag) return { status: 304, json: null, headers: told };
      return { status: 200, json: { amount: sold.amount }, headers: told };
    });
    const browser = new Agent().compose(interceptors.cache());
    const look = async (): Promise<unknown> => {
      const origin = `http://127.0.0.1:${String(gateway.service.port())}`;
      const { body } = await browser.request({ origin, path: '/v1/pricing?lang=en', method: 'GET' });
      return body.json();
    };
    expect(await look()).to.deep.equal({ amount: 9900 });
    expect(await look()).to.deep.equal({ amount: 9900 });

    sold.amount = 4900;

    await waitFor(async () => JSON.stringify(await look()) === '{"amount":4900}', {
      what: 'the new price in the browser',
      // Catalog's own memory takes the other half second.
      deadlineMs: 500,
    });
    const conditional = gateway.others.received.filter(({ headers }) => headers['if-none-match'] !== undefined);
    expect(conditional, 'asked again by the tag of what it had').not.to.deep.equal([]);
    await browser.close();
  });

  describe('for an account', () => {
    const profile: { answer: StubAnswer } = { answer: null };
    const asked = (): readonly Received[] =>
      gateway.others.received.filter(({ url }) => /\/accounts\/acme\/pricing(\?|$)/.test(url));
    const look = async (query: string) => {
      await gateway.call(`/v1/accounts/acme/pricing${query}`, { token: gateway.tokens.customer });
      return asked().at(-1)?.url;
    };

    before(() => {
      gateway.others.answers(({ url }) =>
        url === '/internal/accounts/acme/pricing-profile' ? profile.answer : { status: 200, json: {} },
      );
    });

    for (const [what, answer, query, expected] of [
      [
        'its billing profile, told beside what is asked for',
        { status: 200, json: { country: 'SN', currency: 'XOF' } },
        '?lang=fr&currency=USD&country=US',
        '/internal/accounts/acme/pricing?lang=fr&currency=USD&country=US&profileCountry=SN&profileCurrency=XOF',
      ],
      [
        'its billing profile, told in its language',
        { status: 200, json: { country: null, currency: null, language: 'fr' } },
        '?country=KE',
        '/internal/accounts/acme/pricing?country=KE&profileLanguage=fr',
      ],
      [
        'what is asked for where the profile does not say',
        { status: 200, json: { country: 'SN', currency: null } },
        '?currency=USD',
        '/internal/accounts/acme/pricing?currency=USD&profileCountry=SN',
      ],
      [
        'its billing profile, which nobody but invoicing says',
        { status: 200, json: { country: 'SN', currency: null } },
        '?profileCountry=CI&profileCurrency=USD',
        '/v1/accounts/acme/pricing?profileCountry=CI&profileCurrency=USD',
      ],
      [
        'what is asked for without a profile',
        { status: 200, json: { country: null, currency: null } },
        '?country=KE',
        '/v1/accounts/acme/pricing?country=KE',
      ],
      ['what is asked for while invoicing is away', null, '?product=crm', '/v1/accounts/acme/pricing?product=crm'],
    ] as const) {
      it(`are those of ${what}`, async () => {
        profile.answer = answer;

        expect(await look(query)).to.equal(expected);
      });
    }

    it('are told without the profile while invoicing is silent, long before catalog would have to be given up', async () => {
      profile.answer = 'silence';
      const startedMs = performance.now();

      expect(await look('?product=crm')).to.equal('/v1/accounts/acme/pricing?product=crm');
      expect(performance.now() - startedMs).to.be.within(1000, 6000);
    });

    it('are read with the caller’s own identity, so that nobody reads another’s profile', async () => {
      profile.answer = { status: 404, json: { code: 'platform.not_found', title: 'No' } };

      await gateway.call('/v1/accounts/acme/pricing', { token: gateway.tokens.customer });

      const inquiry = gateway.others.received.findLast(({ url }) => url.includes('/internal/'));
      expect(inquiry?.headers.authorization).to.match(/^Bearer /);
      expect(asked().at(-1)?.url).to.equal('/v1/accounts/acme/pricing');
    });
  });
});

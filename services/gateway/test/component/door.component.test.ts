import { request } from 'node:http';

import { makeInternalVerifier } from '@quittance/auth';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { startGateway } from '../start-gateway.ts';

const emptyPage = { status: 200, json: { data: [], nextCursor: null } };

describe('the gateway’s door', () => {
  let gateway: Awaited<ReturnType<typeof startGateway>>;

  before(async () => {
    gateway = await startGateway({ RATE_WRITE_PER_SECOND: '1', TRUSTED_PROXY_HOPS: '1' });
  });
  after(() => gateway.stop());

  it('hands a request on with its own identity and nothing of the caller’s', async () => {
    gateway.others.answers(() => ({ ...emptyPage, headers: { etag: '"v1"', 'x-internal': 'secret' } }));

    const answer = await gateway.call('/v1/invoices?limit=5', {
      token: gateway.tokens.customer,
      headers: {
        'accept-language': 'fr',
        'x-quittance-client-ip': '6.6.6.6',
        'x-request-id': 'req_01j8zq4m7e8b2c3d4f5g6h7k8n',
        'x-forwarded-for': '7.7.7.7, 203.0.113.9',
        cookie: 'a=b',
      },
    });

    const got = gateway.others.received.at(-1);
    const token = got?.headers.authorization?.replace('Bearer ', '') ?? '';
    const principal = await makeInternalVerifier(gateway.keys.publicJwk, { service: 'invoicing' }).verify(token);
    expect(answer.body).to.deep.equal({ data: [], nextCursor: null });
    expect(answer.headers.get('etag')).to.equal('"v1"');
    expect(answer.headers.get('x-internal')).to.equal(null);
    expect(got?.url).to.equal('/v1/invoices?limit=5');
    expect(principal).to.deep.include({ kind: 'customer', subject: 'usr-1', accountId: 'acme' });
    expect(got?.headers).to.include({ 'accept-language': 'fr', 'x-quittance-client-ip': '203.0.113.9' });
    expect(got?.headers['x-request-id'])
      .to.equal(answer.headers.get('x-request-id'))
      .and.not.contain('01j8zq4m7e8b2c3d4f5g6h7k8n');
    expect(got?.headers.traceparent).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    expect(got?.headers).not.to.have.property('cookie');
  });

  it('tells a HEAD the length that its GET has, and sends nothing of it', async () => {
    gateway.others.answers(() => emptyPage);
    const token = gateway.tokens.customer;

    const got = await gateway.call('/v1/payments', { token });
    const head = await gateway.call('/v1/payments', { method: 'HEAD', token });

    const lengths = [got, head].map(({ headers }) => headers.get('content-length'));
    expect(lengths[0]).to.match(/^[1-9]/);
    expect(lengths[1]).to.equal(lengths[0]);
  });

  it('gives the pages for people and machines the security headers of every answer', async () => {
    for (const path of ['/openapi.json', '/docs', '/live', '/metrics']) {
      const { headers } = await gateway.call(path);
      expect(headers.get('strict-transport-security'), path).to.match(/^max-age=/);
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
    }
  });

  it('lets a webhook through byte for byte, with its signature and without identity', async () => {
    gateway.others.answers(() => ({ status: 200, json: { received: true } }));
    const bytes = new TextEncoder().encode('{"id" :  "evt_1", "n": 4242424242424242 }\n');

    const answer = await gateway.call('/webhooks/stripe', {
      method: 'POST',
      headers: { 'stripe-signature': 't=1,v1=ab', authorization: 'Bearer forged' },
      body: bytes,
    });

    const got = gateway.others.received.at(-1);
    expect(answer.status).to.equal(200);
    expect(got?.body.equals(bytes)).to.equal(true);
    expect(got?.headers['stripe-signature']).to.equal('t=1,v1=ab');
    expect(got?.headers).not.to.have.property('authorization');
  });

  it('forwards the path as it was written, so that no spelling climbs out of its route', async () => {
    gateway.others.answers(() => emptyPage);
    const spellings = [
      '/v1/invoices/%2e%2e',
      '/v1/invoices/..\\..\\internal\\attention',
      '/v1/invoices/..%2f..%2finternal',
    ];

    for (const path of spellings) {
      await new Promise<void>((resolve, reject) => {
        const headers = { authorization: `Bearer ${gateway.tokens.customer}` };
        request({ host: '127.0.0.1', port: gateway.service.port(), path, headers }, (response) => {
          response.resume().once('end', resolve);
        })
          .once('error', reject)
          .end();
      });
    }

    expect(gateway.others.received.slice(-spellings.length).map(({ url }) => url)).to.deep.equal(spellings);
  });

  it('passes a service’s problem on, and answers 503 when a service is away', async () => {
    const problem = { type: '/docs/errors#x', title: 'No', status: 422, code: 'invoicing.x', instance: 'urn:x' };
    gateway.others.answers(() => ({ status: 422, json: problem }));
    const told = await gateway.call('/v1/payments', { token: gateway.tokens.billing });
    gateway.others.answers(() => null);
    const away = await gateway.call('/v1/payments', { token: gateway.tokens.billing });

    expect([told.status, told.problem?.code]).to.deep.equal([422, 'invoicing.x']);
    expect([away.status, away.problem?.code]).to.deep.equal([503, 'platform.unavailable']);
  });

  it('limits how often one caller comes, by class, and says when to come back', async () => {
    const start = () =>
      gateway.call('/v1/checkout-sessions', { method: 'POST', token: gateway.tokens.customer, body: '{}' });

    const statuses: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) statuses.push((await start()).status);
    const limited = await start();

    expect(statuses.slice(0, 2)).not.to.include(429);
    expect(limited.status).to.equal(429);
    expect(limited.headers.get('retry-after')).to.match(/^[1-9]/);
    expect((await gateway.call('/v1/payments', { token: gateway.tokens.customer })).status).not.to.equal(429);
  });

  it('hides every service’s own internal routes', async () => {
    const answer = await gateway.call('/internal/dead-letters', { token: gateway.tokens.billing });

    expect(answer.status).to.equal(404);
  });

  it('puts a billing page together; a part that fails is null and named', async () => {
    gateway.others.answers(({ url }) => (url.startsWith('/v1/payments') ? null : emptyPage));
    gateway.subscription.answers(() => emptyPage);

    const own = await gateway.call('/v1/billing', { token: gateway.tokens.customer });
    const another = await gateway.call('/v1/billing?account=zeta', { token: gateway.tokens.customer });
    const unnamed = await gateway.call('/v1/billing', { token: gateway.tokens.billing });

    expect(own.body).to.have.nested.property('invoices.data').that.deep.equals([]);
    expect(own.body).to.have.nested.property('payments.data', null);
    expect(own.body).to.have.nested.property('payments.problem').that.contains('Payments');
    expect(gateway.subscription.received.at(-1)?.url).to.equal('/v1/subscriptions?account=acme&limit=100');
    expect([another.status, unnamed.status]).to.deep.equal([404, 400]);
  });

  it('merges what waits for a person and names who cannot be asked', async () => {
    gateway.subscription.answers(() => null);
    gateway.others.answers(() => ({ status: 200, json: { data: [] } }));

    const answer = await gateway.call('/v1/attention', { token: gateway.tokens.billing });

    expect(answer.body).to.deep.equal({ data: [], unreachable: ['subscription'] });
  });

  it('shows the console’s pages with the headers they set, and never for the API', async () => {
    gateway.pages.answers(({ url }) => ({
      status: 200,
      json: { page: url },
      headers: { 'content-security-policy': "default-src 'self'" },
    }));

    const page = await gateway.call('/pricing?lang=fr');
    for (const path of ['/v1/nothing', '//v1/pricing', '/V1/pricing', '/API/billing/subscription-status']) {
      const api = await gateway.call(path);
      expect([api.status, api.headers.get('content-type')], path).to.deep.equal([404, 'application/problem+json']);
    }
    const docs = await gateway.call('/docs');

    expect(page.body).to.deep.equal({ page: '/pricing?lang=fr' });
    expect(page.headers.get('content-security-policy')).to.equal("default-src 'self'");
    expect(docs.text).to.contain('/v1/entitlements/check').and.contain('Idempotency-Key');
  });

  context('when somebody is turned away', () => {
    const denials = async () => {
      const records = await gateway.ground.sent('audit.record-action');
      return records.filter(({ data }) => data['action'] === 'access.denied');
    };

    it('records each attempt with a valid token, as the caller', async () => {
      const answer = await gateway.call('/v1/audit', { token: gateway.tokens.customer });
      const record = await waitFor(
        async () => (await denials()).find(({ data }) => data['requestId'] === answer.headers.get('x-request-id')),
        { what: 'the denial to be recorded' },
      );

      expect(answer.status).to.equal(403);
      expect(record).to.include({ actorkind: 'customer', actorid: 'usr-1' });
      expect(record.data).to.include({ result: 'denied', accountId: 'acme', count: 1 });
    });

    it('records a reach into another account that a service answered as not found, and tells the caller nothing', async () => {
      const problem = {
        type: '/docs/errors#x',
        title: 'No',
        status: 404,
        code: 'platform.not_found',
        instance: 'urn:x',
      };
      gateway.others.answers(() => ({ status: 404, json: problem, headers: { 'x-quittance-trespass': '1' } }));

      const answer = await gateway.call('/v1/invoices/inv_01j8zq4m7e8b2c3d4f5g6h7k8n', {
        token: gateway.tokens.customer,
      });
      const record = await waitFor(
        async () => (await denials()).find(({ data }) => data['requestId'] === answer.headers.get('x-request-id')),
        { what: 'the reach to be recorded' },
      );

      expect([answer.status, answer.headers.get('x-quittance-trespass')]).to.deep.equal([404, null]);
      expect(record.data).to.include({ result: 'denied', accountId: 'acme', count: 1 });
      expect(record.data['reason']).to.contain('GetInvoice').and.contain('another account');
    });

    it('counts attempts without one by reason, network and minute', async () => {
      const other = await startGateway();
      for (let attempt = 0; attempt < 30; attempt += 1) await other.call('/v1/audit', { token: 'forged' });
      for (let attempt = 0; attempt < 5; attempt += 1) await other.call('/v1/audit');
      const expired = await other.gate.sign({ sub: 'usr-1' }, { expiresInSeconds: -120 });
      await other.call('/v1/audit', { token: expired });

      await other.service.stop();
      const records = (await other.ground.sent('audit.record-action')).map(({ data }) => data);
      await other.stop();

      const total = (reason: RegExp) =>
        records
          .filter((data) => reason.test(String(data['reason'])))
          .reduce((sum, data) => sum + Number(data['count']), 0);
      expect([total(/not a signed JWT/), total(/needs a token/), total(/expired/)]).to.deep.equal([30, 5, 1]);
      expect(records.length).to.be.lessThan(7);
      expect(records[0]).to.have.nested.property('subject.id', '127.0.0.0/24');
    });
  });
});

import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { makeClient, QuittanceError } from './index.ts';

interface Told {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterMs?: number;
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const HANG: Told = { status: 200, afterMs: 30_000 };
const CUT: Told = { status: 0 };
const YES = {
  allowed: true,
  reason: 'entitled',
  plan: 'pro',
  limit: 5,
  level: null,
  accessUntil: null,
  revision: 3,
  asOf: 'x',
};
const question = { account: 'acme', product: 'apps', feature: 'channels' };

const problem = (status: number, code: string, more: object = {}): Told => ({
  status,
  json: { type: `/docs/errors#${code}`, title: 'T', status, code, instance: 'urn:x', remedy: 'R', ...more },
});

/** A platform and an AuthGate that answer what they are told, one after the other; the last answer stays. */
const startPlatform = async () => {
  const asked: Asked[] = [];
  const tokens: Asked[] = [];
  let answers: Told[] = [];
  let tokenAnswers: Told[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const forToken = request.url === '/token';
      (forToken ? tokens : asked).push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body,
      });
      const queue = forToken ? tokenAnswers : answers;
      const told = (queue.length > 1 ? queue.shift() : queue[0]) ?? { status: 500 };
      if (told.status === 0) return response.destroy();
      setTimeout(() => {
        response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers });
        response.end(told.json === undefined ? '<html>' : JSON.stringify(told.json));
      }, told.afterMs ?? 0).unref();
      return undefined;
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    baseUrl,
    asked,
    tokens,
    answers: (...next: readonly Told[]) => {
      answers = [...next];
    },
    tokenAnswers: (...next: readonly Told[]) => {
      tokenAnswers = [...next];
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const errorOf = async (work: Promise<unknown>): Promise<QuittanceError> => {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof QuittanceError) return error;
  throw new Error(`no QuittanceError: ${String(error)}`);
};

describe('makeClient', () => {
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  beforeEach(async () => {
    platform = await startPlatform();
    platform.tokenAnswers({ status: 200, json: { access_token: 'token-1', expires_in: 3600 } });
  });
  afterEach(() => platform.close());

  const client = (more: object = {}) =>
    makeClient({
      baseUrl: `${platform.baseUrl}/`,
      auth: { tokenUrl: `${platform.baseUrl}/token`, clientId: 'whatsapp-qr', clientSecret: 'se:cret' },
      timeoutMs: 5000,
      ...more,
    });

  it('asks for one token, however many calls begin at once, and keeps it', async () => {
    platform.answers({ status: 200, json: YES });
    const { checkEntitlement } = client();

    await Promise.all(Array.from({ length: 5 }, () => checkEntitlement(question)));
    await checkEntitlement(question);

    expect(platform.tokens).to.have.length(1);
    expect(platform.tokens[0]?.body).to.equal('grant_type=client_credentials');
    const basic = Buffer.from((platform.tokens[0]?.headers.authorization ?? '').slice(6), 'base64').toString();
    expect(basic).to.equal('whatsapp-qr:se%3Acret');
    expect(platform.asked).to.have.length(6);
    expect(platform.asked[0]).to.include({ method: 'POST', url: '/v1/entitlements/check' });
    expect(platform.asked[0]?.headers.authorization).to.equal('Bearer token-1');
    expect(JSON.parse(platform.asked[0]?.body ?? '')).to.deep.equal(question);
  });

  it('asks for another token once it runs out, or is refused', async () => {
    platform.tokenAnswers(
      { status: 200, json: { access_token: 'short', expires_in: 0.001 } },
      { status: 200, json: { access_token: 'withdrawn', expires_in: 3600 } },
      { status: 200, json: { access_token: 'good', expires_in: 3600 } },
    );
    platform.answers({ status: 200, json: YES }, problem(401, 'platform.unauthenticated'), { status: 200, json: YES });
    const { checkEntitlement } = client();

    await checkEntitlement(question);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await checkEntitlement(question);

    expect(second.outcome).to.equal('allowed');
    expect(platform.asked.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer short',
      'Bearer withdrawn',
      'Bearer good',
    ]);
  });

  for (const [what, told] of [
    ['says that it does not know', problem(503, 'entitlements.unknown', { details: { asOf: '2026-03-05T00:00:00Z' } })],
    ['is too busy', problem(429, 'platform.rate_limited')],
    ['does not answer in time', HANG],
    ['breaks the connection', CUT],
    ['is a proxy with a page of its own', { status: 502 }],
    ['answers what is no JSON', { status: 200 }],
    ['answers less than an answer', { status: 200, json: { allowed: true } }],
  ] as const) {
    it(`treats as no, and says unknown, when the platform ${what}`, async () => {
      platform.answers(told);

      const outcome = await client({ retriesMax: 1, timeoutMs: told === HANG ? 200 : 5000 }).checkEntitlement(question);

      expect(outcome).to.include({ outcome: 'unknown', allowed: false, reason: 'unknown' });
      expect(platform.asked).to.have.length(2);
    });
  }

  it('tells up to when the platform knew', async () => {
    platform.answers(problem(503, 'entitlements.unknown', { details: { asOf: '2026-03-05T00:00:00Z' } }));

    const outcome = await client({ retriesMax: 0 }).checkEntitlement(question);

    expect(outcome).to.deep.include({ asOf: '2026-03-05T00:00:00Z' });
    expect(outcome.outcome === 'unknown' ? outcome.error.code : '').to.equal('entitlements.unknown');
  });

  it('treats as no, when AuthGate is away, without asking the platform', async () => {
    platform.tokenAnswers(CUT);

    expect(await client({ retriesMax: 0 }).checkEntitlement(question)).to.include({
      outcome: 'unknown',
      allowed: false,
    });
    expect(platform.asked).to.have.length(0);
  });

  for (const status of [408, 429, 503]) {
    it(`treats as no, when AuthGate answers ${status}, and asks again when that says so`, async () => {
      const busy = { status, headers: { 'retry-after': '0' } };
      platform.tokenAnswers(busy, busy, { status: 200, json: { access_token: 'token-2' } });
      platform.answers({ status: 200, json: YES });

      expect(await client({ retriesMax: 0 }).checkEntitlement(question)).to.include({ outcome: 'unknown' });
      expect(await client({ retriesMax: 1 }).checkEntitlement(question)).to.include({ outcome: 'allowed' });
    });
  }

  it('says that the token was not to be had, when whatever gives it fails', async () => {
    const auth = () => Promise.reject(new Error('vault sealed'));

    const error = await errorOf(client({ auth, retriesMax: 0 }).getAccountStatus({ id: 'acme' }));

    expect(error).to.include({ code: 'client.no_token', status: null, mayPass: true });
    expect(platform.asked).to.have.length(0);
  });

  it('throws what is wrong with the question itself, at once', async () => {
    platform.answers(problem(403, 'platform.forbidden'));

    const error = await errorOf(client().checkEntitlement(question));

    expect(error).to.include({ code: 'platform.forbidden', status: 403, remedy: 'R', instance: 'urn:x' });
    expect(platform.asked).to.have.length(1);
  });

  it('throws when AuthGate refuses this service, and repeats no secret', async () => {
    platform.tokenAnswers({ status: 401, json: { error: 'invalid_client' } });

    const error = await errorOf(client().checkEntitlement(question));

    expect(error).to.include({ code: 'client.no_token', status: 401 });
    expect(error.message + String(error.stack))
      .to.contain('invalid_client')
      .and.not.contain('cret');
  });

  it('never takes for a yes what is not true', async () => {
    platform.answers({ status: 200, json: { ...YES, allowed: 'true' } });

    expect(await client().checkEntitlement(question)).to.include({ outcome: 'denied', allowed: false });
  });

  it('sends what changes something once, and what has a key again under the same one', async () => {
    const page = 'https://accounts.example/';
    const session = Object.fromEntries(
      (
        'id status accountId planId planKey productKey planName interval rail subscriptionId subscriptionStatus ' +
        'invoiceId orderId dueNow renewsAt payUrl payUntil lastDecline failure createdAt'
      )
        .split(' ')
        .map((name) => [name, 'x']),
    );
    const order = { interval: 'month', successUrl: page, cancelUrl: page } as const;
    platform.answers(problem(503, 'platform.unavailable'));

    const once = await errorOf(
      client().createHandoff({ account: 'acme', owner: 'usr-1', product: 'apps', plan: 'pro', ...order }),
    );
    const made = platform.asked.length;
    platform.answers(problem(503, 'platform.unavailable'), problem(409, 'platform.idempotency_in_progress'), {
      status: 201,
      json: session,
    });
    const checkout = await client().createCheckoutSession({ planId: 'pln_1', currency: 'USD', ...order });

    const keys = platform.asked.slice(made).map(({ headers }) => headers['idempotency-key']);
    expect([once.code, made]).to.deep.equal(['platform.unavailable', 1]);
    expect(checkout).to.deep.equal(session);
    expect(keys).to.have.length(3);
    expect(new Set(keys).size).to.equal(1);
    expect(keys[0]).to.match(/^[0-9a-f-]{36}$/);
  });

  it('repeats no refusal', async () => {
    platform.answers(problem(404, 'platform.not_found'));

    const error = await errorOf(client().getAccountStatus({ id: 'a/../b' }));

    expect(error.code).to.equal('platform.not_found');
    expect(platform.asked.map(({ url }) => url)).to.deep.equal(['/v1/accounts/a%2F..%2Fb/status']);
  });

  it('puts each part of the input where the contract wants it', async () => {
    platform.answers({ status: 200, json: { data: [], nextCursor: null } });

    await client().listInvoices({ account: 'acme', limit: 5 });
    await client().listInvoices();

    expect(platform.asked.map(({ method, url, body }) => [method, url, body])).to.deep.equal([
      ['GET', '/v1/invoices?limit=5&account=acme', ''],
      ['GET', '/v1/invoices', ''],
    ]);
  });

  it('stops when its caller does, also between attempts', async () => {
    platform.answers(problem(503, 'platform.unavailable', {}));
    const stop = new AbortController();

    const call = client({ retriesMax: 1000 }).getAccountStatus({ id: 'acme' }, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('no longer needed')), 50);

    expect(await call.catch((error: unknown) => String(error))).to.equal('Error: no longer needed');
  });
});

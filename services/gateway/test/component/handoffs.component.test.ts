import { makeInternalVerifier } from '@quittance/auth';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { startGateway } from '../start-gateway.ts';

const ULID = '01j8zq4m7e8b2c3d4f5g6h7k8n';
const CHECKOUT = `chk_${ULID}`;
const Link = z.object({ id: z.string(), url: z.url(), expiresAt: z.iso.datetime() });
const Session = z.looseObject({ session: z.string(), expiresAt: z.iso.datetime(), accountId: z.string() });

const price = (interval: string, currency: string) => ({
  priceId: `prc_${ULID}`,
  interval,
  amount: { amount: 9900, currency },
  taxBehavior: 'exclusive',
  region: null,
  converted: false,
});

const plan = (key: string, action: string) => ({
  planId: `pln_${ULID}`,
  key,
  rank: 1,
  name: key,
  description: '',
  callToAction: 'Buy',
  action,
  custom: false,
  editionKey: 'cloud',
  trialDays: 0,
  items: [],
  prices: [price('month', 'USD'), price('year', 'USD')],
  entitlements: [],
});

const pricing = {
  language: 'en',
  direction: 'ltr',
  currency: 'USD',
  country: null,
  languages: ['en'],
  currencies: ['USD'],
  products: [
    {
      productId: `prd_${ULID}`,
      key: 'apps',
      name: 'Apps',
      description: '',
      meters: [],
      plans: [plan('pro', 'checkout'), plan('enterprise', 'contact_sales')],
    },
  ],
};

/** Asked for a product it does not sell, the catalogue refuses. */
const unknownProduct = {
  type: 'https://billing.example/docs/errors#catalog.unknown_product',
  title: 'Nothing of this product is on sale',
  status: 400,
  code: 'catalog.unknown_product',
  detail: 'Nothing of a product boats is on sale.',
  remedy: 'Ask for one of `details.products`.',
  details: { products: ['apps'] },
};

const checkout = (status: string) => ({
  id: CHECKOUT,
  status,
  accountId: 'acme',
  planId: `pln_${ULID}`,
  planKey: 'pro',
  productKey: 'apps',
  planName: 'Pro',
  interval: 'month',
  rail: 'card',
  subscriptionId: `sub_${ULID}`,
  subscriptionStatus: 'draft',
  invoiceId: null,
  orderId: null,
  dueNow: null,
  renewsAt: null,
  payUrl: status === 'open' ? 'https://pay.example/x' : null,
  payUntil: null,
  lastDecline: null,
  failure: null,
  createdAt: '2026-03-05T00:00:00.000Z',
});

const wish = {
  account: 'acme',
  owner: 'usr-1',
  product: 'apps',
  plan: 'pro',
  interval: 'month',
  successUrl: 'https://accounts.example/done?session={CHECKOUT_SESSION_ID}',
  cancelUrl: 'https://accounts.example/upgrade',
};

describe('a hand-off into checkout', () => {
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  let accountManager: string;

  before(async () => {
    gateway = await startGateway({ PUBLIC_URL: 'https://billing.example', RATE_PUBLIC_PER_SECOND: '1000' });
    accountManager = await gateway.gate.sign({ sub: 'svc-accounts', scope: 'handoff.create' });
  });
  after(() => gateway.stop());
  beforeEach(() => {
    gateway.others.answers(({ url }) =>
      url.includes('product=boats') ? { status: 400, json: unknownProduct } : { status: 200, json: pricing },
    );
    gateway.subscription.answers(() => null);
  });

  const post = (path: string, body: unknown, token?: string) =>
    gateway.call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
      ...(token === undefined ? {} : { token }),
    });
  const create = (changes: object = {}) => post('/v1/handoffs', { ...wish, ...changes }, accountManager);
  const newCode = async () => new URL(Link.parse((await create()).body).url).hash.slice(1);
  const use = (code: string) => post('/v1/handoff-sessions', { code });
  const newSession = async () => Session.parse((await use(await newCode())).body).session;
  const rows = async () => {
    const { rows: found } = await gateway.ground.owner.query<{ ends_at: Date; code_hash: string | null }>(
      'SELECT * FROM handoffs ORDER BY created_at',
    );
    return found;
  };

  for (const owner of ['', 'usr-1\n', 'usr\u0000', 'usr\u0085-1', 'u'.repeat(201)]) {
    it(`is for nobody who is called ${JSON.stringify(owner.slice(0, 9))}`, async () => {
      const answer = await create({ owner });

      expect(answer.status).to.equal(400);
      expect(answer.body).to.have.nested.property('details.issues[0].path', 'body.owner');
    });
  }

  it('is a link of our own pages for five minutes, whose code is in the fragment and in no table', async () => {
    const answer = await create();

    const link = Link.parse(answer.body);
    const { origin, pathname, hash } = new URL(link.url);
    const stored = JSON.stringify([await rows(), await gateway.ground.sent()]);
    expect([answer.status, origin + pathname]).to.deep.equal([201, 'https://billing.example/handoff']);
    expect(hash).to.match(/^#[A-Za-z0-9_-]{43}$/);
    expect(Date.parse(link.expiresAt) - Date.now()).to.be.within(295_000, 300_000);
    expect(stored).to.contain(link.id).and.not.contain(hash.slice(1));
    expect(await gateway.ground.audited()).to.include('handoff.created');
  });

  for (const [what, changes] of [
    ['a plan that nobody sells', { plan: 'gold' }],
    ['a product that does not exist', { product: 'boats' }],
    ['a plan that is sold by contact only', { plan: 'enterprise' }],
    ['an interval without a price', { interval: 'P3M' }],
    ['a currency without a price', { currency: 'EUR' }],
  ] as const) {
    it(`is refused for ${what}, while the person is still where they came from`, async () => {
      const before = await rows();

      const answer = await create(changes);

      expect([answer.status, answer.problem?.code]).to.deep.equal([422, 'gateway.plan_not_sold']);
      expect(await rows()).to.have.length(before.length);
    });
  }

  it('is made by nobody but a service with that scope', async () => {
    const others = [gateway.tokens.service, gateway.tokens.customer, gateway.tokens.billing];

    const answers = await Promise.all(others.map((token) => post('/v1/handoffs', wish, token)));

    expect(answers.map(({ status }) => status)).to.deep.equal([403, 403, 403]);
    expect((await post('/v1/handoffs', wish)).status).to.equal(401);
  });

  it('opens once: of fifty at the same moment one wins, and nothing of the code is left', async () => {
    const code = await newCode();

    const answers = await Promise.all(Array.from({ length: 50 }, () => use(code)));

    const won = answers.filter(({ status }) => status === 201);
    const lost = answers.filter(({ status }) => status !== 201);
    const later = await use(code);
    const used = (await gateway.ground.audited()).filter((action) => action === 'handoff.used');
    expect(won).to.have.length(1);
    expect(lost.map(({ problem }) => problem?.code)).to.deep.equal(
      Array.from({ length: 49 }, () => 'gateway.handoff_spent'),
    );
    expect([later.status, later.problem?.code]).to.deep.equal([422, 'gateway.handoff_spent']);
    expect(used).to.have.length(1);
    expect((await rows()).at(-1)).to.include({ code_hash: null, account_id: 'acme', owner: 'usr-1' });
  });

  it('does not open after five minutes, nor for a made-up code, and is gone with the next link', async () => {
    const code = await newCode();
    await gateway.ground.owner.query(
      "UPDATE handoffs SET ends_at = now() - interval '1 second' WHERE code_hash IS NOT NULL",
    );

    const expired = await use(code);
    const madeUp = await use('A'.repeat(43));
    await create();

    expect([expired.status, expired.problem?.code]).to.deep.equal([422, 'gateway.handoff_spent']);
    expect([madeUp.status, madeUp.problem?.code]).to.deep.equal([422, 'gateway.handoff_spent']);
    expect((await rows()).filter(({ ends_at: endsAt }) => endsAt < new Date())).to.deep.equal([]);
  });

  it('opens the checkout in the owner’s name, under one key however often it is asked', async () => {
    const session = await newSession();
    gateway.subscription.answers(({ method }) => ({
      status: method === 'POST' ? 201 : 200,
      json: checkout(method === 'POST' ? 'opening' : 'open'),
    }));
    const before = gateway.subscription.received.length;

    const first = await post('/v1/handoff-sessions/checkout', null, session);
    const second = await post('/v1/handoff-sessions/checkout', null, session);

    const creations = gateway.subscription.received.slice(before).filter(({ method }) => method === 'POST');
    const [asked] = creations;
    const token = asked?.headers.authorization?.replace('Bearer ', '') ?? '';
    const buyer = await makeInternalVerifier(gateway.keys.publicJwk, { service: 'subscription' }).verify(token);
    const keys = new Set(creations.map(({ headers }) => headers['idempotency-key']));
    expect([first.status, second.status]).to.deep.equal([200, 200]);
    expect(first.body).to.deep.include({ id: CHECKOUT, payUrl: 'https://pay.example/x' });
    expect(buyer).to.deep.include({ kind: 'customer', subject: 'usr-1', accountId: 'acme' });
    expect(JSON.parse(asked?.body.toString() ?? '')).to.deep.equal({
      planId: `pln_${ULID}`,
      interval: 'month',
      currency: 'USD',
      successUrl: wish.successUrl,
      cancelUrl: wish.cancelUrl,
    });
    expect([creations.length, keys.size]).to.deep.equal([2, 1]);
  });

  it('can do nothing but that checkout, and nothing at all once it has ended', async () => {
    const session = await newSession();
    const elsewhere = [
      ['GET', '/v1/billing'],
      ['GET', '/v1/subscriptions'],
      ['GET', `/v1/checkout-sessions/${CHECKOUT}`],
      ['POST', `/v1/checkout-sessions/${CHECKOUT}/verify`],
      ['POST', '/v1/checkout-sessions'],
      ['POST', '/v1/handoffs'],
      ['POST', '/api/stripe/create-checkout'],
      ['GET', '/v1/accounts/acme/entitlements'],
    ] as const;

    const statuses = await Promise.all(
      elsewhere.map(async ([method, path]) => (await gateway.call(path, { method, token: session })).status),
    );
    const madeUp = await post('/v1/handoff-sessions/checkout', null, `qhs_${'A'.repeat(43)}`);
    await gateway.ground.owner.query("UPDATE handoffs SET ends_at = now() - interval '1 second'");
    const ended = await post('/v1/handoff-sessions/checkout', null, session);

    expect(statuses).to.deep.equal(elsewhere.map(() => 403));
    expect([madeUp.status, ended.status]).to.deep.equal([401, 401]);
  });

  it('leaves a record of the session that reached too far, as its owner', async () => {
    const answer = await gateway.call('/v1/billing', { token: await newSession() });

    const record = await waitFor(
      async () => {
        const records = await gateway.ground.sent('audit.record-action');
        return records.find(({ data }) => data['requestId'] === answer.headers.get('x-request-id'));
      },
      { what: 'the denial to be recorded' },
    );
    expect(record).to.include({ actorkind: 'customer', actorid: 'usr-1' });
    expect(record.data).to.include({ action: 'access.denied', result: 'denied', accountId: 'acme' });
  });
});

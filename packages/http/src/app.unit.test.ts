import { httpContract } from '@quittance/contracts';
import { isAccountId, must, platformFail, type Principal } from '@quittance/kernel';
import { makeHealth, makeLogger, makeMetrics, requireOperation } from '@quittance/runtime';
import { expect } from 'chai';
import { z } from 'zod';

import { created, ok } from './answer.ts';
import { type AppHooks, type Denial } from './app-options.ts';
import { makeApp } from './app.ts';
import { handle } from './handle.ts';
import { type IdempotencyScope, type IdempotencyStore, type StoredAnswer } from './idempotency-store.ts';
import { listen } from './listen.ts';

const shared = { service: 'catalog', audit: 'none', idempotency: 'none', rate: 'read' } as const;

const GetThing = httpContract({
  ...shared,
  name: 'GetThing',
  method: 'GET',
  path: '/v1/things/:id',
  summary: 'One thing.',
  access: { anyOf: ['own.read'] },
  params: z.strictObject({ id: z.string().max(20) }),
  query: z.strictObject({ wait: z.enum(['1s']).optional() }),
  answer: z.strictObject({ id: z.string(), subject: z.string() }),
});

const MakeThing = httpContract({
  ...shared,
  name: 'MakeThing',
  method: 'POST',
  path: '/v1/things',
  summary: 'Make one.',
  access: { anyOf: ['own.write'] },
  idempotency: 'required',
  status: 201,
  bodyBytesMax: 200,
  body: z.strictObject({ note: z.string(), nested: z.strictObject({ deep: z.string() }).optional() }),
  answer: z.strictObject({ id: z.string(), made: z.int() }),
});

const Receive = httpContract({
  ...shared,
  name: 'Receive',
  method: 'POST',
  path: '/webhooks/acme',
  summary: 'Signed bytes.',
  access: 'signed',
  body: 'raw',
  answer: z.strictObject({ hex: z.string(), actor: z.string() }),
});

const makeMemoryStore = (): IdempotencyStore => {
  const rows = new Map<string, { hash: string; ulid: string; answer: StoredAnswer | null; running: boolean }>();
  const keyOf = (scope: IdempotencyScope) => JSON.stringify([scope.caller, scope.route, scope.key]);
  return {
    begin: async (scope, hash, newUlid) => {
      const row = rows.get(keyOf(scope));
      if (row === undefined) {
        rows.set(keyOf(scope), { hash, ulid: newUlid, answer: null, running: true });
        return { state: 'run', reservedUlid: newUlid };
      }
      if (row.hash !== hash) return { state: 'mismatch' };
      if (row.answer !== null) return { state: 'answered', answer: row.answer };
      if (row.running) return { state: 'in_progress' };
      row.running = true;
      return { state: 'run', reservedUlid: row.ulid };
    },
    saveAnswer: async (scope, answer) => {
      must(rows.get(keyOf(scope)), 'row').answer = answer;
    },
    release: async (scope) => {
      must(rows.get(keyOf(scope)), 'row').running = false;
    },
  };
};

const account = 'acme';
const customer: Principal = {
  kind: 'customer',
  subject: 'user-1',
  accountId: isAccountId(account) ? account : null,
  permissions: new Set(['own.read', 'own.write']),
};

interface Setup {
  readonly make?: (attempt: number) => Promise<void>;
  readonly principal?: Principal | null;
  readonly hooks?: AppHooks;
}

const startApp = async ({ make, principal = customer, hooks }: Setup = {}) => {
  let made = 0;
  const logged: string[] = [];
  const app = makeApp({
    service: 'catalog',
    routes: [
      handle(GetThing, async ({ params, principal: who }) =>
        ok({ id: params.id, subject: who.subject }, { etag: params.id }),
      ),
      handle(MakeThing, async ({ request }) => {
        made += 1;
        await make?.(made);
        return created({ id: request.reservedId('thg'), made });
      }),
      handle(Receive, async ({ body }) => ok({ hex: body.toString('hex'), actor: requireOperation().actor.id })),
    ],
    identity: async () => principal,
    idempotency: makeMemoryStore(),
    logger: makeLogger({
      service: 'catalog',
      level: 'info',
      destination: { write: (line: string) => void logged.push(line) },
    }),
    metrics: makeMetrics('catalog'),
    health: makeHealth(),
    wallClock: { nowMs: () => 1_763_847_562_122 },
    mode: 'sandbox',
    ...(hooks === undefined ? {} : { hooks }),
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${listening.port}${path}`, init);
    const text = await response.text();
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body, text };
  };
  const post = (note: unknown, key: string | null = 'key-00000001') =>
    call('/v1/things', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) },
      body: typeof note === 'string' ? JSON.stringify({ note }) : JSON.stringify(note),
    });
  return { call, post, logged, close: () => listening.close(), made: () => made };
};

describe('makeApp', () => {
  let running: Awaited<ReturnType<typeof startApp>> | null = null;
  const start = async (setup: Setup = {}) => {
    running = await startApp(setup);
    return running;
  };
  afterEach(async () => {
    await running?.close();
    running = null;
  });

  it('answers by contract, with security headers, a request id and one log line', async () => {
    const { call, logged } = await start();

    const answer = await call('/v1/things/a1');

    expect(answer.status).to.equal(200);
    expect(answer.body).to.deep.equal({ id: 'a1', subject: 'user-1' });
    expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(answer.headers.get('x-powered-by')).to.equal(null);
    expect(answer.headers.get('x-request-id')).to.match(/^req_/);
    expect(logged.filter((line) => line.includes('"msg":"request"'))).to.have.length(1);
  });

  it('answers 304 when the caller has this version', async () => {
    const { call } = await start();

    expect((await call('/v1/things/a1', { headers: { 'if-none-match': '"a1"' } })).status).to.equal(304);
  });

  it('names every issue of a request that does not match', async () => {
    const { call } = await start();

    const answer = await call('/v1/things/aaaaaaaaaaaaaaaaaaaaaaaaa?wait=9s&extra=1');

    expect(answer.status).to.equal(400);
    expect(answer.headers.get('content-type')).to.equal('application/problem+json');
    expect(answer.body).to.have.property('code', 'platform.invalid_request');
    expect(answer.body).to.have.nested.property('details.issues').with.length(3);
  });

  it('refuses unknown fields of a body', async () => {
    const { post } = await start();

    const answer = await post({ note: 'x', price: 1 });

    expect(answer.status).to.equal(400);
    expect(answer.text).to.contain('price');
  });

  for (const [what, body, path] of [
    ['a value', { note: 'card 4242 4242 4242 4242' }, 'body.note'],
    ['a nested value', { note: 'x', nested: { deep: '4000-0000-0000-0002' } }, 'body.nested.deep'],
    ['a field name', { '4242424242424242': 'x' }, 'body.(a field name)'],
  ] as const) {
    it(`refuses a card number in ${what} by its path, and repeats it nowhere`, async () => {
      const { post, logged, made } = await start();

      const answer = await post(body);

      expect(answer.status).to.equal(400);
      expect(answer.body).to.have.property('code', 'platform.card_number_refused');
      expect(answer.body).to.have.nested.property('details.path', path);
      expect(answer.text + logged.join('')).not.to.match(/4242|4000-0000/);
      expect(made()).to.equal(0);
    });
  }

  it('refuses a card number in a path, a query and an idempotency key', async () => {
    const { call, post } = await start();

    const answers = [
      await call('/v1/things/4242424242424242'),
      await call('/v1/things/a?wait=4242%204242%204242%204242'),
      await post('x', '4242424242424242'),
    ];

    for (const answer of answers) expect(answer.body).to.have.property('code', 'platform.card_number_refused');
  });

  for (const [what, note] of [
    ['NUL', 'a\0b'],
    ['a lone surrogate', '\ud800'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { post } = await start();

      expect((await post(note)).body).to.have.nested.property('details.issues[0].path', 'body.note');
    });
  }

  it('refuses a body that is too long by its length, and while it arrives', async () => {
    const { call, post } = await start();
    const streamed = new ReadableStream({
      start: (controller) => {
        for (let chunk = 0; chunk < 10; chunk += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(100)));
        controller.close();
      },
    });

    const declared = await post('x'.repeat(300));
    const streaming = await call('/v1/things', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'key-00000001' },
      body: streamed,
      duplex: 'half',
    } satisfies RequestInit & { duplex: 'half' });

    expect([declared.status, streaming.status]).to.deep.equal([413, 413]);
    expect(declared.body).to.have.nested.property('details.limitBytes', 200);
  });

  it('hands raw bodies on byte for byte, as the provider', async () => {
    const { call } = await start();
    const bytes = new Uint8Array([0, 255, 128, 10, 123]);

    const answer = await call('/webhooks/acme', { method: 'POST', body: bytes });

    expect(answer.body).to.deep.equal({ hex: '00ff800a7b', actor: 'acme' });
  });

  it('answers 401 without a principal and 403 without the permission, and tells both', async () => {
    const denials: Denial[] = [];
    const hooks = { onDenied: (denial: Denial) => void denials.push(denial) };
    const first = await start({ principal: null, hooks });
    const unauthenticated = await first.call('/v1/things/a1');
    await first.close();
    const { call } = await start({ principal: { ...customer, permissions: new Set(['billing.read']) }, hooks });

    const forbidden = await call('/v1/things/a1');

    expect(unauthenticated.status).to.equal(401);
    expect(unauthenticated.headers.get('www-authenticate')).to.match(/^Bearer/);
    expect(forbidden.status).to.equal(403);
    expect(forbidden.body).to.have.nested.property('details.needs').that.deep.equals(['own.read']);
    expect(denials.map((denial) => denial.code)).to.deep.equal(['platform.unauthenticated', 'platform.forbidden']);
  });

  it('gives Retry-After with 429', async () => {
    const guard = () => {
      throw platformFail('platform.rate_limited', 'Slower.', { details: { retryAfterSeconds: 2.2 } });
    };
    const { call } = await start({ hooks: { guard } });

    const answer = await call('/v1/things/a1');

    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([429, '3']);
  });

  it('says nothing of an internal error but where to find it', async () => {
    const { post, logged } = await start({ make: () => Promise.reject(new Error('password=hunter2')) });

    const answer = await post('x');

    expect(answer.status).to.equal(500);
    expect(answer.body).to.include.keys('instance', 'code').and.not.include.keys('detail', 'details', 'stack');
    expect(answer.text).not.to.contain('hunter2');
    expect(logged.join('')).to.contain('hunter2');
  });

  it('answers 404 for unknown paths, 405 with Allow for wrong methods, 400 for paths that do not decode', async () => {
    const { call } = await start();

    const unknown = await call('/v1/nothing');
    const wrong = await call('/v1/things', { method: 'DELETE' });
    const broken = await call('/v1/things/%E0%A4%A');

    expect([unknown.status, wrong.status, broken.status]).to.deep.equal([404, 405, 400]);
    expect(wrong.headers.get('allow')).to.equal('POST');
  });

  context('with an Idempotency-Key', () => {
    it('requires one of 8 to 128 printable characters', async () => {
      const { post } = await start();

      for (const key of [null, 'short', 'x'.repeat(129)]) {
        expect((await post('x', key)).body).to.have.property('code', 'platform.idempotency_key_required');
      }
    });

    it('replays the first answer and runs once', async () => {
      const { post, made } = await start();

      const first = await post('x');
      const second = await post('x');

      expect(second.body).to.deep.equal(first.body);
      expect(second.status).to.equal(201);
      expect(second.headers.get('idempotency-replayed')).to.equal('true');
      expect(first.headers.get('idempotency-replayed')).to.equal(null);
      expect(made()).to.equal(1);
    });

    it('refuses the key with another body', async () => {
      const { post } = await start();
      await post('x');

      const answer = await post('y');

      expect([answer.status, answer.text]).to.satisfy(
        ([status, text]: readonly [number, string]) => status === 422 && text.includes('idempotency_key_reused'),
      );
    });

    it('is a conflict while the first request runs', async () => {
      let release: () => void = () => undefined;
      let entered: () => void = () => undefined;
      const inside = new Promise<void>((resolve) => {
        entered = resolve;
      });
      const { post } = await start({
        make: () => {
          entered();
          return new Promise((resolve) => {
            release = resolve;
          });
        },
      });
      const first = post('x');
      await inside;

      const second = await post('x');
      release();

      expect(second.body).to.have.property('code', 'platform.idempotency_in_progress');
      expect((await first).status).to.equal(201);
    });

    it('keeps the reserved id for the retry of a request that broke', async () => {
      const ids: unknown[] = [];
      const { post } = await start({
        make: (attempt) => (attempt === 1 ? Promise.reject(new Error('broken')) : Promise.resolve()),
      });

      ids.push((await post('x')).status);
      const retried = await post('x');

      expect(ids).to.deep.equal([500]);
      expect(retried.status).to.equal(201);
      expect(retried.headers.get('idempotency-replayed')).to.equal(null);
    });

    it('replays a refusal that cannot change', async () => {
      const { post, made } = await start({
        make: () => Promise.reject(platformFail('platform.idempotency_key_reused', 'Any refusal.')),
      });

      await post('x');
      const again = await post('x');

      expect([again.status, made()]).to.deep.equal([422, 1]);
      expect(again.headers.get('content-type')).to.equal('application/problem+json');
    });
  });

  it('runs a lost race again, three times in all', async () => {
    const { post, made } = await start({
      make: () => Promise.reject(platformFail('platform.version_conflict', 'Somebody was faster.')),
    });

    const answer = await post('x');

    expect([answer.status, made()]).to.deep.equal([409, 3]);
  });
});

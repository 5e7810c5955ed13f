import { platformFail } from '@quittance/kernel';
import { expect } from 'chai';

import { customer, type Setup, startApp } from '../test/start-app.ts';
import { type Asked, type Denial } from './app-options.ts';
import { TRESPASS_HEADER } from './serve-route.ts';

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

  it('answers 204 without a body', async () => {
    const { call } = await start();

    const answer = await call('/v1/things/a1', { method: 'DELETE' });

    expect([answer.status, answer.text, answer.headers.get('content-type')]).to.deep.equal([204, '', null]);
  });

  it('names every issue of a request that does not match', async () => {
    const { call } = await start();

    const answer = await call('/v1/things/aaaaaaaaaaaaaaaaaaaaaaaaa?wait=9s&extra=1');

    expect(answer.status).to.equal(400);
    expect(answer.headers.get('content-type')).to.equal('application/problem+json');
    expect(answer.body).to.have.property('code', 'platform.invalid_request');
    expect(answer.body).to.have.nested.property('details.issues').with.length(3);
  });

  it('says of a cursor that is none that it is one, wherever nothing else is wrong', async () => {
    const { call } = await start();

    const cursor = await call('/v1/things/a1?after=garbage');
    const twice = await call('/v1/things/a1?after=garbage&after=garbage');
    const both = await call('/v1/things/a1?after=garbage&wait=9s');

    expect([cursor.status, twice.status, both.status]).to.deep.equal([400, 400, 400]);
    expect(cursor.body).to.have.property('code', 'platform.invalid_cursor');
    expect(twice.body).to.have.property('code', 'platform.invalid_cursor');
    expect(both.body).to.have.property('code', 'platform.invalid_request');
    expect(both.body).to.have.nested.property('details.issues').with.length(2);
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
    ['a number', { note: 'x', nested: { amounts: [4_242_424_242_424_242] } }, 'body.nested.amounts.0'],
    ['a number with a fraction', { note: 'x', nested: { amount: 4_242_424_242_424_242.5 } }, 'body.nested.amount'],
    ['a link, encoded', { note: 'https://x.example/?c=4242%204242%204242%204242' }, 'body.note'],
    ['a link, encoded by a form', { note: 'https://x.example/?c=4242+4242+4242+4242' }, 'body.note'],
    ['a link, its first digit encoded', { note: 'https://x.example/?c=%34242424242424242' }, 'body.note'],
    ['groups with dots', { note: '4242.4242.4242.4242' }, 'body.note'],
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

  it('refuses a field that is named __proto__, which no schema would see', async () => {
    const { post } = await start();

    const answer = await post({ note: 'x', nested: { deep: 'y', ['__proto__']: 'z' } });

    expect(answer.status).to.equal(400);
    expect(answer.body).to.have.nested.property('details.issues[0].path', 'body.nested.__proto__');
  });

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

  it('hides a reach into another account, tells the door of it, and says so in a header only behind the door', async () => {
    const denials: Denial[] = [];
    const make = () => Promise.reject(platformFail('platform.not_found', 'No such thing.', { trespass: true }));
    const behind = await start({ make });
    const told = await behind.post('x');
    await behind.close();
    const { post } = await start({ make, hooks: { onDenied: (denial) => void denials.push(denial) } });

    const atTheDoor = await post('x');

    expect([told.status, told.headers.get(TRESPASS_HEADER)]).to.deep.equal([404, '1']);
    expect([atTheDoor.status, atTheDoor.headers.get(TRESPASS_HEADER)]).to.deep.equal([404, null]);
    expect(atTheDoor.text).not.to.contain('trespass');
    expect(denials.map(({ code, principal }) => [code, principal?.subject])).to.deep.equal([
      ['platform.not_found', 'user-1'],
    ]);
  });

  it('gives Retry-After with 429', async () => {
    const guard = () => {
      throw platformFail('platform.rate_limited', 'Slower.', { details: { retryAfterSeconds: 2.2 } });
    };
    const { call } = await start({ hooks: { guard } });

    const answer = await call('/v1/things/a1');

    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([429, '3']);
  });

  it('guards the bearer of a bad token as a stranger, and no longer answers 401 once that is too often', async () => {
    const guarded: unknown[] = [];
    const guard = ({ principal }: Asked) => {
      guarded.push(principal);
      if (guarded.length > 1) throw platformFail('platform.rate_limited', 'Slower.');
    };
    const identity = () => Promise.reject(platformFail('platform.unauthenticated', 'The signature does not verify.'));
    const { call } = await start({ identity, hooks: { guard } });

    const answers = [await call('/v1/things/a1'), await call('/v1/things/a1')];

    expect(answers.map(({ status }) => status)).to.deep.equal([401, 429]);
    expect(guarded).to.deep.equal([null, null]);
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
    expect(wrong.body).to.have.property('code', 'platform.method_not_allowed');
    expect(wrong.body).to.have.property('status', 405);
    expect(broken.body).to.have.property('code', 'platform.unreadable_request');
    expect((await call('/v1/things/a1', { method: 'PUT' })).headers.get('allow')).to.equal('GET, HEAD, DELETE');
  });

  it('reads UTF-8 however it is named, and no other charset', async () => {
    const { call } = await start();
    const send = async (headers: Record<string, string>) => {
      const key = { 'idempotency-key': 'key-00000001' };
      return (await call('/v1/things', { method: 'POST', headers: { ...key, ...headers }, body: '{"note":"x"}' }))
        .status;
    };

    const taken = [
      await send({ 'content-type': 'application/json; charset=UTF-8' }),
      await send({ 'content-type': 'Application/JSON;charset="utf-8"', 'content-encoding': 'Identity' }),
    ];

    expect(taken).to.deep.equal([201, 201]);
    expect(await send({ 'content-type': 'application/json; charset=iso-8859-1' })).to.equal(415);
  });

  it('says the same of safety in its probes as in every answer', async () => {
    const { call } = await start();

    for (const path of ['/live', '/ready', '/metrics']) {
      expect((await call(path)).headers.get('x-content-type-options'), path).to.equal('nosniff');
    }
  });

  it('runs a lost race again, three times in all', async () => {
    const { post, made } = await start({
      make: () => Promise.reject(platformFail('platform.version_conflict', 'Somebody was faster.')),
    });

    const answer = await post('x');

    expect([answer.status, made()]).to.deep.equal([409, 3]);
  });
});

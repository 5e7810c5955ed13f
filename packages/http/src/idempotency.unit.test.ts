import { platformFail } from '@quittance/kernel';
import { expect } from 'chai';

import { type Setup, startApp } from '../test/start-app.ts';

describe('runIdempotently', () => {
  let running: Awaited<ReturnType<typeof startApp>> | null = null;
  const start = async (setup: Setup = {}) => {
    running = await startApp(setup);
    return running;
  };
  afterEach(async () => {
    await running?.close();
    running = null;
  });

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
    const { post, ids } = await start({
      make: (attempt) => (attempt === 1 ? Promise.reject(new Error('broken')) : Promise.resolve()),
    });

    const broken = await post('x');
    const retried = await post('x');

    expect([broken.status, retried.status]).to.deep.equal([500, 201]);
    expect(ids[0]).to.be.a('string').and.equal(ids[1]);
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

  it('keeps nothing for what breaks the contract: the key is free for what was meant', async () => {
    const { post } = await start();

    const broken = await post({ note: 1 });
    const meant = await post('x');

    expect([broken.status, meant.status]).to.deep.equal([400, 201]);
  });
});

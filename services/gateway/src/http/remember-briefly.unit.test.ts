import { GetPricing } from '@quittance/contracts';
import { type Exchange, forward, type Reply } from '@quittance/http';
import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { rememberBriefly } from './remember-briefly.ts';

const exchange = (url: string, headers: Readonly<Record<string, string>> = {}): Exchange => ({
  method: 'GET',
  url,
  params: {},
  query: {},
  rawBody: Buffer.alloc(0),
  json: undefined,
  principal: null,
  request: {
    id: 'req_1',
    ip: null,
    language: headers['accept-language'] ?? null,
    reservedId: (prefix) => `${prefix}_01j8zq4m7e8b2c3d4f5g6h7k8n`,
    headers: (name) => headers[name] ?? null,
  },
});

describe('rememberBriefly', () => {
  const given = () => {
    const world = { nowMs: 0, asked: 0, status: 200, broken: false };
    const route = rememberBriefly(
      forward(GetPricing, (): Promise<Reply> => {
        world.asked += 1;
        if (world.broken) return Promise.reject(new Error('down'));
        return Promise.resolve({ status: world.status, headers: {}, body: world.asked });
      }),
      { nowMs: () => world.nowMs },
    );
    return {
      world,
      ask: (url: string, headers?: Readonly<Record<string, string>>) => route.execute(exchange(url, headers)),
    };
  };

  it('asks once for all who come within a quarter of a second, and again after it', async () => {
    const { world, ask } = given();

    const answers = await Promise.all([ask('/a'), ask('/a'), ask('/a')]);
    expect(answers.map(({ body }) => body)).to.deep.equal([1, 1, 1]);
    world.nowMs = 249;
    expect((await ask('/a')).body).to.equal(1);
    world.nowMs = 250;
    expect((await ask('/a')).body).to.equal(2);
  });

  it('asks again when the clock was set back', async () => {
    const { world, ask } = given();
    world.nowMs = 10_000;
    await ask('/a');
    world.nowMs = 9000;
    expect((await ask('/a')).body).to.equal(2);
  });

  it('keeps addresses, languages and conditions apart', async () => {
    const { world, ask } = given();
    await ask('/a');
    await ask('/b');
    await ask('/a', { 'accept-language': 'fr' });
    await ask('/a', { 'if-none-match': '"x"' });
    expect(world.asked).to.equal(4);
  });

  it('remembers no failure', async () => {
    const { world, ask } = given();
    world.broken = true;
    await ask('/a').catch(() => undefined);
    world.broken = false;
    world.status = 503;
    await ask('/a');
    world.status = 200;
    expect((await ask('/a')).body).to.equal(3);
  });

  it('asks nobody to wait again for an answer that did not come', async () => {
    const { world, ask } = given();
    world.broken = true;
    const down = await Promise.allSettled([ask('/a'), ask('/a'), ask('/a')]);
    expect(down.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected']);
    expect(world.asked).to.equal(1);

    world.broken = false;
    world.status = 503;
    const [first, ...others] = await Promise.allSettled([ask('/b'), ask('/b'), ask('/b')]);
    expect(first).to.have.nested.property('value.status', 503);
    expect(
      others.map((each) => each.status === 'rejected' && isDomainError(each.reason) && each.reason.code),
    ).to.deep.equal(['platform.unavailable', 'platform.unavailable']);
    expect(world.asked).to.equal(2);
  });

  it('shares no refusal among those who wait', async () => {
    const { world, ask } = given();
    world.status = 400;
    const answers = await Promise.all([ask('/a'), ask('/a'), ask('/a')]);
    expect(new Set(answers.map(({ body }) => body)).size).to.equal(3);
  });

  it('stays bounded under made-up addresses', async () => {
    const { world, ask } = given();
    for (let index = 0; index < 1001; index += 1) await ask(`/${String(index)}`);
    expect(world.asked).to.equal(1001);
    await ask('/0');
    expect(world.asked).to.equal(1002);
  });
});

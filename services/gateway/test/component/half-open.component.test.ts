import { must } from '@quittance/kernel';
import { makeTcpProxy, type TcpProxy } from '@quittance/testkit';
import { expect } from 'chai';

import { startGateway } from '../start-gateway.ts';

describe('the gateway while its database takes connections and says nothing', () => {
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  let line: TcpProxy | null = null;

  before(async () => {
    gateway = await startGateway({}, async (env) => {
      const url = new URL(must(env['DATABASE_URL'], 'DATABASE_URL'));
      line = await makeTcpProxy({ host: url.hostname, port: Number(url.port) });
      url.hostname = '127.0.0.1';
      url.port = String(line.port);
      return { ...env, DATABASE_URL: url.toString() };
    });
    await gateway.beat();
  });
  after(async () => {
    await gateway.stop();
    await line?.close();
  });

  it('answers a check within seconds that it does not know, and knows again when the line is back', async () => {
    await gateway.tell('half-open', 1);
    must(line, 'the line').freeze();
    const startedMs = performance.now();

    const during = await gateway.check('half-open');

    const tookMs = performance.now() - startedMs;
    must(line, 'the line').thaw();
    const afterwards = await gateway.check('half-open');
    expect(during.status).to.equal(503);
    expect(tookMs).to.be.lessThan(9_000);
    expect(afterwards.answer).to.include({ allowed: true, revision: 1 });
  }).timeout(30_000);
});

import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { startApp } from '../test/start-app.ts';

describe('paths without parameters', () => {
  let running: Awaited<ReturnType<typeof startApp>>;
  let asked = 0;

  before(async () => {
    running = await startApp();
  });

  after(() => running.close());

  /** The request line as it is given, which `fetch` would put right. */
  const post = async (target: string): Promise<{ readonly status: number | undefined; readonly body: unknown }> => {
    asked += 1;
    const headers = { 'content-type': 'application/json', 'idempotency-key': `key-0000000${asked}` };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ port: running.port, host: '127.0.0.1', method: 'POST', path: target, headers }, resolve)
        .once('error', reject)
        .end('{"note":"x"}');
    });
    return { status: answer.statusCode, body: JSON.parse(await text(answer)) };
  };

  for (const target of ['/v1/things', '/v1/things?', '/v1/things/', 'http://elsewhere.example/v1/things']) {
    it(`answers ${target}`, async () => {
      expect(await post(target)).to.have.property('status', 201);
    });
  }

  for (const target of ['/V1/things', '//v1/things', '/v1/things;x', '/v1/thing']) {
    it(`knows no ${target}`, async () => {
      expect(await post(target)).to.have.nested.property('body.code', 'platform.not_found');
    });
  }

  for (const target of ['/v1/things?x=1', '/v1/things/?x=1', '/v1/things?x=1#y', '/v1/things?x=1&x=2']) {
    it(`reads the query of ${target}`, async () => {
      const { status, body } = await post(target);

      expect(status).to.equal(400);
      expect(JSON.stringify(body)).to.include('"path":"query"').and.to.include('\\"x\\"');
    });
  }
});

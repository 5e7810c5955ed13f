import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { listen, type Listening } from './listen.ts';

describe('listen', () => {
  let listening: Listening;

  before(async () => {
    listening = await listen((_request, response) => response.end(), { host: '127.0.0.1', port: 0 });
  });

  after(async () => {
    await listening.close();
  });

  const say = async (bytes: string): Promise<string> => {
    const socket = connect(listening.port, '127.0.0.1');
    socket.end(bytes);
    return text(socket);
  };

  it('answers what is not HTTP with a problem', async () => {
    const answer = await say('GET / nonsense\r\n\r\n');

    expect(answer).to.match(/^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/problem\+json\r\n/);
    expect(answer).to.include('"code":"platform.unreadable_request"').and.to.include('"remedy"');
  });

  it('answers an address without end with a problem', async () => {
    const answer = await say(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`);

    expect(answer).to.match(/^HTTP\/1\.1 431 /);
    expect(answer).to.match(/x-request-id: (req_\w{26})\r\n[^]*"instance":"urn:quittance:request:\1"/);
  });

  const HOST = 'host: a\r\n';
  const refused: readonly (readonly [string, string, number])[] = [
    ['names no host', 'GET / HTTP/1.1\r\n', 400],
    ['names two hosts', `GET / HTTP/1.1\r\n${HOST}Host: b\r\n`, 400],
    ['names the same host twice', `GET / HTTP/1.1\r\n${HOST}${HOST}`, 400],
    ['names what is no host', 'GET / HTTP/1.1\r\nhost: a/../b\r\n', 400],
    ['expects what nobody promised', `GET / HTTP/1.1\r\n${HOST}expect: tea\r\n`, 417],
    ['asks for a tunnel', `CONNECT a:1 HTTP/1.1\r\n${HOST}`, 400],
  ];
  for (const [what, head, status] of refused) {
    it(`answers a request that ${what} with a problem`, async () => {
      const answer = await say(`${head}\r\n`);

      expect(answer).to.match(new RegExp(`^HTTP/1\\.1 ${status} [A-Z][^\\r]+\r\n`));
      expect(answer).to.include('content-type: application/problem+json\r\n').and.to.include('connection: close\r\n');
      expect(answer).to.include('"code":"platform.unreadable_request"').and.to.include(`"status":${status}`);
    });
  }

  it('takes one host, none in HTTP/1.0, and the one expectation there is', async () => {
    const heads = [
      `GET / HTTP/1.1\r\n${HOST}`,
      'GET / HTTP/1.1\r\nhost:\r\n',
      'GET / HTTP/1.1\r\nHost: [::1]:4400\r\n',
      'GET / HTTP/1.0\r\n',
    ];

    for (const head of heads) expect(await say(`${head}connection: close\r\n\r\n`)).to.match(/^HTTP\/1\.1 200 OK/);
    const continued = await say(`POST / HTTP/1.1\r\n${HOST}expect: 100-continue\r\nconnection: close\r\n\r\n`);
    expect(continued).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  });
});

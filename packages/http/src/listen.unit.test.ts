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
});

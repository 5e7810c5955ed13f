import { expect } from 'chai';

import { makeClientIp } from './client-ip.ts';

const arrived = (forwarded: string | undefined) => ({
  headers: { 'x-forwarded-for': forwarded },
  socket: { remoteAddress: '10.0.0.1' },
});

describe('makeClientIp', () => {
  it('does not look at the header when no proxy is trusted', () => {
    expect(makeClientIp(0)(arrived('6.6.6.6'))).to.equal('10.0.0.1');
  });

  it('takes what the outermost trusted proxy saw, whatever stands left of it', () => {
    expect(makeClientIp(1)(arrived('6.6.6.6, 203.0.113.9'))).to.equal('203.0.113.9');
    expect(makeClientIp(2)(arrived('6.6.6.6, 203.0.113.9, 10.0.0.7'))).to.equal('203.0.113.9');
  });

  it('is the peer when the header is missing, too short or no address', () => {
    expect(makeClientIp(1)(arrived(undefined))).to.equal('10.0.0.1');
    expect(makeClientIp(3)(arrived('203.0.113.9'))).to.equal('10.0.0.1');
    expect(makeClientIp(1)(arrived('not-an-address'))).to.equal('10.0.0.1');
  });
});

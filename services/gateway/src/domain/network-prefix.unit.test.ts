import { expect } from 'chai';

import { networkPrefix } from './network-prefix.ts';

describe('networkPrefix', () => {
  for (const [ip, prefix] of [
    ['203.0.113.9', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:abcd:12::1', '2001:db8:abcd::/48'],
    ['2001:0db8:0:0:0:0:0:1', '2001:db8:0::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    [null, 'unknown'],
  ] as const) {
    it(`${ip} is counted under ${prefix}`, () => expect(networkPrefix(ip)).to.equal(prefix));
  }
});
